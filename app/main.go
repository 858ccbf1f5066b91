package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"huygens/devserver/pipeline"
	"huygens/devserver/pool"
)

// Exit codes (design.md, 4).
const (
	exitOK    = 0
	exitWork  = 1
	exitUsage = 2
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == pool.ChildArgument {
		os.Exit(worker())
	}
	runtime.LockOSThread() // the window belongs to the first thread
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, program{Args: os.Args[1:], Stdout: os.Stdout, Stderr: os.Stderr})
	stop()
	os.Exit(code)
}

// workerGC lets a worker's heap grow to four times what lives: a page makes 40 kB of garbage and leaves nothing, and
// with Go's 100 the collector took 40 % of a page's processor time. The pool's memory limit (GOMEMLIMIT) still holds.
const workerGC = 300

// worker is the other side of the program: it runs a site's pages until its standard input ends.
func worker() int {
	signal.Ignore(os.Interrupt) // the terminal sends it to all; the front ends its workers itself
	debug.SetGCPercent(workerGC)
	if err := pool.Child(os.Stdin, os.Stdout, pipeline.Start); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitWork
	}
	return exitOK
}

// A program is one call of huygens: what it was told and where it may speak.
type program struct {
	Args   []string
	Stdout io.Writer
	Stderr io.Writer
}

// usageError is a mistake in the command line.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// quietError has been told already.
type quietError struct{ error }

func (q quietError) Unwrap() error { return q.error }

// run runs one command and returns the exit code.
func run(ctx context.Context, p program) int {
	command := p.rootCommand(ctx)
	command.SetArgs(p.Args)
	command.SetOut(p.Stdout)
	command.SetErr(p.Stderr)
	err := command.ExecuteContext(ctx)
	var usage usageError
	var quiet quietError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &quiet):
		return exitWork
	case errors.As(err, &usage), isUsage(err):
		fmt.Fprintf(p.Stderr, "huygens: %v\nTry: huygens help\n", err)
		return exitUsage
	}
	fmt.Fprintf(p.Stderr, "huygens: %v\n", err)
	return exitWork
}
