//go:build cgo || !darwin

package ui

import (
	"encoding/json"
	"math"
)

// settings is what the window remembers. Its JSON is our own affair: whatever is missing, unknown or out of
// range is the default.
type settings struct {
	Width       float32         `json:"width"`   // of the window, in Fyne's units
	Height      float32         `json:"height"`  // of the window
	Sidebar     float32         `json:"sidebar"` // width of the sites
	Detail      float64         `json:"detail"`  // share of the height above the details
	Theme       string          `json:"theme"`   // "system", "light" or "dark"
	LettersOff  bool            `json:"lettersOff"`
	DetailsOff  bool            `json:"detailsOff"`
	DetailRight bool            `json:"detailRight"`
	Columns     []columnSetting `json:"columns"`
}

type columnSetting struct {
	ID     string  `json:"id"`
	Width  float32 `json:"width"`
	Hidden bool    `json:"hidden"`
}

const (
	themeSystem = "system"
	themeLight  = "light"
	themeDark   = "dark"
)

func defaultSettings() settings {
	return settings{Width: 1280, Height: 800, Sidebar: 224, Detail: 0.56, Theme: themeSystem}
}

// readSettings reads what an earlier run saved.
func readSettings(data []byte) settings {
	s := defaultSettings()
	if json.Unmarshal(data, &s) != nil {
		return defaultSettings()
	}
	d := defaultSettings()
	s.Width = within(s.Width, 480, 10000, d.Width)
	s.Height = within(s.Height, 320, 10000, d.Height)
	s.Sidebar = within(s.Sidebar, 120, 1000, d.Sidebar)
	s.Detail = within(s.Detail, 0.1, 0.9, d.Detail)
	if s.Theme != themeLight && s.Theme != themeDark {
		s.Theme = themeSystem
	}
	return s
}

func within[T float32 | float64](v, low, high, otherwise T) T {
	if math.IsNaN(float64(v)) || v < low || v > high {
		return otherwise
	}
	return v
}

func (s settings) json() []byte {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil // cannot be: plain numbers and texts
	}
	return append(data, '\n')
}
