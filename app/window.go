//go:build cgo

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"huygens/app/ui"
	"huygens/assets"
)

const builtWithWindow = true

// newFyneApp says who we are before Fyne looks for it itself, in files that may not be there.
func newFyneApp() fyne.App {
	fyneapp.SetMetadata(fyne.AppMetadata{
		ID: appID, Name: appName, Version: version, Build: build,
		Icon:       fyne.NewStaticResource("huygens.png", assets.Icon()),
		Migrations: map[string]bool{"fyneDo": true},
	})
	return fyneapp.NewWithID(appID)
}

// probeWindow opens a window that nobody sees, and looks whether anything can be drawn in it.
func probeWindow() (err error) {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" {
		return errors.New("there is no display (DISPLAY is not set)")
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the display cannot be opened: %v", r)
		}
	}()
	w := newFyneApp().NewWindow(appName)
	w.Show()
	if w.Canvas().Capture() == nil {
		return errors.New("the display has no usable OpenGL")
	}
	return nil
}

// showWindow shows the window until it is closed or ctx ends.
func showWindow(ctx context.Context, d *desk) error {
	a := newFyneApp()
	w := ui.NewWindow(a, desktop{d}, ui.Options{
		Version:  buildID(),
		Starters: starters(),
		NewSite:  d.newSite,
		Load:     d.store.Window,
		Save:     d.store.SaveWindow,
	})
	defer w.Close()
	running, stop := context.WithCancel(ctx)
	var others sync.WaitGroup
	others.Go(func() { // ends with the window
		err := takeOver(running, d.store, func(folders []string) {
			d.openAll(running, folders)
			fyne.Do(w.Raise)
		})
		if err != nil {
			d.log.Warn("a second start will open a second window", "error", err)
		}
	})
	others.Go(func() {
		<-running.Done()
		if ctx.Err() != nil {
			fyne.Do(a.Quit)
		}
	})
	w.Show()
	a.Run()
	stop()
	others.Wait()
	return nil
}

func starters() []ui.Starter {
	var all []ui.Starter
	for _, s := range assets.Starters() {
		all = append(all, ui.Starter{Name: s.Name, Description: s.Description})
	}
	return all
}
