package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"huygens/devserver"
	"huygens/devserver/state"
)

// closeTime is how long a stop may take (design.md, 4).
const closeTime = 2 * time.Second

// A serveCall is the command line of `huygens serve`.
type serveCall struct {
	program
	site    string
	options devserver.SiteOptions
	json    bool
	open    bool
}

func (p program) serveCommand() *cobra.Command {
	c := serveCall{program: p}
	cmd := &cobra.Command{
		Use:   "serve [SITE]",
		Short: "Serve a site without a window until interrupted",
		Args:  atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.site = "."
			if len(args) == 1 {
				c.site = args[0]
			}
			c.options.AddrGiven = cmd.Flags().Changed("addr")
			return c.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.options.Addr, "addr", "", "loopback address `HOST:PORT`; port 0 means a free one. Default: a port chosen once and remembered")
	flags.BoolVar(&c.open, "open", false, "open the site in the browser")
	flags.BoolVar(&c.json, "json", false, "print events as JSON, one object a line")
	flags.BoolVar(&c.options.Trust, "trust", false, "trust the site: its code may use the network, programs and files outside")
	flags.StringVar(&c.options.Hosting, "hosting", "", "where pages run: `process` or in-process (trusted sites only)")
	flags.BoolVar(&c.options.Strict, "strict", false, "end with 1 if huygens.toml has a fault, instead of serving with defaults")
	return cmd
}

func (c serveCall) run(ctx context.Context) (err error) {
	if err := c.options.Check(); err != nil {
		return usageError{err}
	}
	store, err := state.Open("")
	if err != nil {
		return err
	}
	server, err := devserver.New(devserver.Config{
		State: store, Worker: workerProgram(), Version: buildID(), Log: newLogger(c.Stderr),
		Requests: c.json, TraceOff: os.Getenv("HUYGENS_TRACE") == "off",
	})
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		err = errors.Join(err, server.Close(end))
	}()
	site, err := server.Open(ctx, c.site, c.options)
	if err != nil {
		return err
	}
	if err := c.announce(server, site); err != nil {
		return err
	}
	if !site.Trusted() {
		fmt.Fprintln(c.Stderr, untrustedNotice)
	}
	if c.open {
		if err := openBrowser(ctx, site.URL()); err != nil {
			fmt.Fprintf(c.Stderr, "huygens: the browser did not open: %v\n", err)
		}
	}
	if c.json {
		return c.follow(ctx, server)
	}
	<-ctx.Done()
	return nil
}

// untrustedNotice is said once (design.md, 5).
const untrustedNotice = "huygens: this site is not trusted: its code has no fetch, no programs, no environment and no files outside it. " +
	"If you know who wrote it: huygens serve --trust"

// announce prints the two lines, or the ready event.
func (c serveCall) announce(server *devserver.Server, site *devserver.Site) error {
	if c.json {
		return c.print(server.Ready(site))
	}
	_, err := fmt.Fprintf(c.Stdout, "Huygens serves %s at %s\nHuygens traces at %s\n", site.Name(), site.URL(), server.ViewerURL())
	return err
}

// follow prints events until ctx ends, and then that the site has stopped.
func (c serveCall) follow(ctx context.Context, server *devserver.Server) error {
	var last uint64
	for {
		batch, err := server.Events().Next(ctx, last)
		if err != nil {
			return c.print(devserver.StoppedEvent{})
		}
		last = batch.Last
		for _, e := range batch.Values {
			if err := c.print(e); err != nil {
				return err
			}
		}
	}
}

func (c serveCall) print(e devserver.Event) error {
	line, err := devserver.EventJSON(e)
	if err != nil {
		return fmt.Errorf("printing an event: %w", err)
	}
	out := bufio.NewWriter(c.Stdout)
	out.Write(line)
	out.WriteByte('\n')
	return out.Flush()
}

func newLogger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo}))
}
