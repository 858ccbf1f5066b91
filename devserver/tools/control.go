package tools

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"huygens/devserver/trace"
)

// longestOrder is how long the body of a control request may be.
const longestOrder = 64 << 10

// An order is the body of a control request: what some names need.
type order struct {
	ID   identity `json:"id"`
	On   *bool    `json:"on"`   // nil: true
	Pool string   `json:"pool"` // "": Default
	Site string   `json:"site"`
}

// An identity is the id or the number of a request, written as a string or a number.
type identity string

// UnmarshalJSON takes "41", 41 and the id.
func (i *identity) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return errors.New("id is a trace id or a running number")
		}
	}
	*i = identity(text)
	return nil
}

func (o *order) on() bool { return o.On == nil || *o.On }

// control carries out /_huygens/control/NAME. It wants the key in the header, wherever it is asked.
func (p port) control(w http.ResponseWriter, r *http.Request, name string) {
	if foreign(r, false) || !p.hasKey(r) {
		say(w, http.StatusForbidden, "Control needs the key of this run in the header "+KeyHeader+".")
		return
	}
	act := p.action(name)
	if act == nil {
		notFound(w)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		say(w, http.StatusMethodNotAllowed, "Control is asked for with POST.")
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		say(w, http.StatusUnsupportedMediaType, "Control takes application/json.")
		return
	}
	o, status := readOrder(http.MaxBytesReader(w, r.Body, longestOrder))
	if status != 0 {
		say(w, status, "The body must be one JSON object of at most 64 kB with the keys of this control.")
		return
	}
	if o.Site == "" {
		o.Site = r.URL.Query().Get("site")
	}
	if p.onSite && o.Site != "" && o.Site != p.site {
		notFound(w)
		return
	}
	if p.onSite {
		o.Site = p.site
	}
	if status, sentence := act(r.Context(), o); status != http.StatusOK {
		say(w, status, sentence)
		return
	}
	answer(w, struct {
		OK bool `json:"ok"`
	}{true})
}

func readOrder(body io.Reader) (o order, status int) {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	var tooLong *http.MaxBytesError
	err := decoder.Decode(&o)
	if err == nil {
		_, err = decoder.Token()
		if err == nil {
			return o, http.StatusBadRequest
		}
	}
	switch {
	case errors.Is(err, io.EOF):
		return o, 0 // no body: no keys
	case errors.As(err, &tooLong):
		return o, http.StatusRequestEntityTooLarge
	}
	return o, http.StatusBadRequest
}

// An action carries out an order and says how that went.
type action func(ctx context.Context, o order) (status int, sentence string)

func (p port) action(name string) action {
	switch name {
	case "clear":
		return func(_ context.Context, o order) (int, string) {
			p.config.Traces.Clear(o.Site)
			return http.StatusOK, ""
		}
	case "record":
		return func(_ context.Context, o order) (int, string) {
			p.config.Traces.Record(o.Site, o.on())
			return http.StatusOK, ""
		}
	case "pin":
		return p.pin
	}
	if p.config.Sites == nil {
		return nil
	}
	switch name {
	case "recycle":
		return p.poolAction(p.config.Sites.Recycle)
	case "start":
		return p.poolAction(p.config.Sites.Start)
	case "stop":
		return p.poolAction(p.config.Sites.Stop)
	}
	return nil
}

func (p port) pin(_ context.Context, o order) (int, string) {
	t, ok := p.config.Traces.Find(string(o.ID))
	if !ok || o.Site != "" && t.Site != o.Site {
		return http.StatusNotFound, "There is no request with this id."
	}
	ok, err := p.config.Traces.Pin(string(o.ID), o.on())
	switch {
	case err != nil:
		return http.StatusConflict, trace.CleanLine(err.Error())
	case !ok:
		return http.StatusNotFound, "There is no request with this id."
	}
	return http.StatusOK, ""
}

// poolAction makes an action of what can be done to a pool.
func (p port) poolAction(do func(ctx context.Context, site, pool string) error) action {
	return func(ctx context.Context, o order) (int, string) {
		if o.Site == "" {
			sites := p.sites()
			if len(sites) != 1 {
				return http.StatusBadRequest, "Say which site: more than one is open, or none."
			}
			o.Site = sites[0].Name
		}
		if o.Pool == "" {
			o.Pool = "Default"
		}
		err := do(ctx, o.Site, o.Pool)
		switch {
		case errors.Is(err, ErrUnknown):
			return http.StatusNotFound, "There is no such site or pool."
		case err != nil:
			return http.StatusInternalServerError, trace.CleanLine(err.Error())
		}
		return http.StatusOK, ""
	}
}
