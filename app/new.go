package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"huygens/assets"
	"huygens/devserver/state"
)

func (p program) newCommand() *cobra.Command {
	var list bool
	cmd := &cobra.Command{
		Use:   "new STARTER DIR",
		Short: "Make a new site from the gallery",
		Args: func(cmd *cobra.Command, args []string) error {
			if list {
				return noArguments(cmd, args)
			}
			return exactly("STARTER (huygens new --list shows them)", "DIR")(cmd, args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if list {
				return p.listStarters()
			}
			return p.newSite(args[0], args[1])
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "list the starters")
	return cmd
}

func (p program) listStarters() error {
	for _, s := range assets.Starters() {
		if _, err := fmt.Fprintf(p.Stdout, "%-8s %s\n", s.Name, s.Description); err != nil {
			return err
		}
	}
	return nil
}

// newSite copies a starter and trusts the new folder: the user made it here.
func (p program) newSite(starter, dir string) error {
	if err := makeSite(starter, dir); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.Stdout, "Made %s from the starter %s. Next: huygens serve %s\n", filepath.Clean(dir), starter, dir)
	return err
}

func makeSite(starter, dir string) error {
	for _, s := range assets.Starters() {
		if s.Name != starter {
			continue
		}
		if _, err := s.Copy(dir); err != nil {
			return err
		}
		store, err := state.Open("")
		if err != nil {
			return err
		}
		return store.Trust(dir)
	}
	return usageError{fmt.Errorf("there is no starter %q; huygens new --list shows them", starter)}
}
