package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// rootCommand is the command line of design.md, 4.
func (p program) rootCommand(ctx context.Context) *cobra.Command {
	root := &cobra.Command{
		Use:   "huygens [SITE…]",
		Short: "A desktop development server for people who write web pages",
		Long: "Huygens serves a folder of pages on this machine and shows every request, stage by stage.\n" +
			"Without a command it opens its window, with the sites named.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          func(cmd *cobra.Command, sites []string) error { return p.openWindow(cmd.Context(), sites) },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(p.serveCommand(), p.newCommand(), p.checkCommand(), p.versionCommand(), p.probeCommand())
	return root
}

func (p program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(p.Stdout, "%s %s\n", appName, buildID())
			return err
		},
	}
}

// noArguments and atMost are cobra's rules as wrong usage.
func noArguments(cmd *cobra.Command, args []string) error { return atMost(0)(cmd, args) }

func atMost(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > n {
			return usageError{fmt.Errorf("too many arguments: %s", strings.Join(args[n:], " "))}
		}
		return nil
	}
}

func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return usageError{fmt.Errorf("missing %s", names[len(args)])}
		}
		return atMost(len(names))(cmd, args)
	}
}

// isUsage knows cobra's own complaints, which have no type: an unknown command is the only one left.
func isUsage(err error) bool {
	return err != nil && strings.HasPrefix(err.Error(), "unknown command")
}
