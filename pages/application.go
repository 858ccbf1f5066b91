package pages

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"

	"huygens/pages/script"
	"huygens/pages/source"
)

// Config says what an application is. It crosses to the worker as JSON.
type Config struct {
	Site     string         // the site's name
	Folder   string         // absolute path of the application's folder
	Path     string         // where the application is mounted: "/" or "/blog"
	Trusted  bool           // design.md, 5
	Settings map[string]any // [app], read as server.settings
	Keep     int            // how many compiled pages are kept; 0 means 1000
}

// An Application is a site's folder, or a folder in it, whose pages share code and state. It compiles pages
// when they are asked for and keeps them as long as what they were made from is unchanged.
type Application struct {
	Config
	folder   *source.Folder
	units    library
	index    siteIndex
	watchdog *script.Watchdog
}

// NewApplication opens the application's folder. Close must be called when no request runs in it any more. w
// interrupts scripts when memory runs out; nil: nobody does.
func NewApplication(c Config, w *script.Watchdog) (*Application, error) {
	folder, err := source.Open(c.Folder)
	if err != nil {
		return nil, fmt.Errorf("starting application %s: %w", c.Path, err)
	}
	if c.Keep == 0 {
		c.Keep = 1000
	}
	a := &Application{Config: c, folder: folder, watchdog: w}
	a.units.keep = c.Keep
	a.index.app = a
	return a, nil
}

// Close closes the folder.
func (a *Application) Close() error { return a.folder.Close() }

// Folder is the application's open folder.
func (a *Application) Folder() *source.Folder { return a.folder }

// address is where a page file answers: "blog/index.gohtml" at "/blog/", "about.md" at "/about".
func (a *Application) address(file string) string {
	dir, name := path.Split(file)
	stem := strings.TrimSuffix(name, path.Ext(name))
	base := strings.TrimSuffix(a.Path, "/") + "/" + dir
	if stem == "index" || name == "README.md" {
		return base
	}
	return base + stem
}

// Described is what an application answers to a Describe request: what the front may decide by itself.
type Described struct {
	Events []string `json:"events"` // pipeline events that somebody listens to
	Inputs []string `json:"inputs"` // the files that this was read from
}

// Describe returns d as the JSON body of a Result.
func (d Described) Describe() (*Result, error) {
	body, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("describing the application: %w", err)
	}
	return &Result{Status: 200, Body: body, ScriptAt: -1}, nil
}

// ago says how long ago something was, in the words of the why line.
func ago(t time.Time) string {
	d := time.Since(t)
	switch {
	case t.IsZero():
		return ""
	case d < time.Second:
		return " just now"
	case d < time.Minute:
		return fmt.Sprintf(" %d s ago", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf(" %d min ago", int(d.Minutes()))
	}
	return " at " + t.Format("2006-01-02 15:04")
}
