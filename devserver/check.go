package devserver

import (
	"context"
	"errors"

	"huygens/devserver/config"
	"huygens/devserver/resolve"
	"huygens/devserver/state"
	"huygens/pages"
	"huygens/pages/source"
)

// Check compiles every page of a site without running any, and returns what is wrong: in huygens.toml, with its
// addresses, in its pages.
func Check(ctx context.Context, folder string, store *state.Store) ([]pages.Fault, error) {
	trusted, err := store.Trusted(folder)
	if err != nil {
		return nil, err
	}
	app, err := pages.NewApplication(pages.Config{Folder: folder, Path: "/", Trusted: trusted}, nil)
	if err != nil {
		return nil, err
	}
	defer app.Close()
	c, _, err := readConfig(app.Folder(), source.Stamp{})
	all, err := configFaults(err)
	if err != nil {
		return nil, err
	}
	resolver, err := resolve.New(resolve.Options{Folder: app.Folder(), Config: c, Trusted: trusted})
	if err != nil {
		return nil, err
	}
	problems, err := resolver.Check(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range problems {
		all = append(all, pages.Fault{File: p.File, Line: p.Line, Message: p.Message, Hint: p.Hint})
	}
	found, err := app.Check(ctx)
	return append(all, found...), err
}

// configFaults makes faults of the errors of a configuration; another error stays one.
func configFaults(err error) ([]pages.Fault, error) {
	var all []pages.Fault
	var errs config.Errors
	if !errors.As(err, &errs) {
		return nil, err
	}
	for _, e := range errs {
		all = append(all, pages.Fault{File: e.File, Line: e.Line, Column: e.Column, Message: e.Message, Hint: e.Hint})
	}
	return all, nil
}
