//go:build !cgo

package main

import (
	"context"
	"errors"
)

const builtWithWindow = false

func probeWindow() error { return errors.New("this program was built without a window") }

func showWindow(context.Context, *desk) error { return probeWindow() }
