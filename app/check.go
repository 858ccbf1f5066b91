package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"huygens/devserver"
	"huygens/devserver/state"
)

var errFaults = errors.New("the site has faults")

func (p program) checkCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check [SITE]",
		Short: "Compile every page and tell the faults",
		Long:  "Compiles every page without running any, and prints file:line:column: message for each fault.\nExit code 1 if there is any.",
		Args:  atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			site := "."
			if len(args) == 1 {
				site = args[0]
			}
			return p.check(cmd.Context(), site, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each fault as a JSON object, one a line")
	return cmd
}

// check prints the faults to standard output: they are its result.
func (p program) check(ctx context.Context, site string, asJSON bool) error {
	store, err := state.Open("")
	if err != nil {
		return err
	}
	faults, err := devserver.Check(ctx, site, store)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(p.Stdout)
	encoder.SetEscapeHTML(false)
	for _, f := range faults {
		if asJSON {
			err = encoder.Encode(devserver.ErrorEvent{File: f.File, Line: f.Line, Column: f.Column, Message: f.Message})
		} else {
			_, err = fmt.Fprintln(p.Stdout, f.Error()+hintWords(f.Hint))
		}
		if err != nil {
			return err
		}
	}
	if len(faults) > 0 {
		return quietError{errFaults}
	}
	return nil
}

func hintWords(hint string) string {
	if hint == "" {
		return ""
	}
	return " (" + hint + ")"
}
