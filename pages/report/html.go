package report

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"strconv"
	"strings"
)

// pageStyle is the sheet of the page, light and dark.
const pageStyle = `:root{color-scheme:light dark;--back:#fff;--card:#f6f8fa;--text:#1f2328;--soft:#59636e;--line:#d1d9e0;--bad:#b3121d;--mark:#ffe9e7;--link:#0969da}
@media (prefers-color-scheme:dark){:root{--back:#0d1117;--card:#161b22;--text:#e6edf3;--soft:#9198a1;--line:#3d444d;--bad:#ff8a80;--mark:#3c1618;--link:#4493f8}}
body{margin:0;background:var(--back);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .4rem}
h1 small{color:var(--bad);font-size:1em;margin-right:.5rem}
h2{font-size:1.05rem;margin:0 0 .6rem;white-space:pre-wrap}
section{border:1px solid var(--line);border-left:.25rem solid var(--bad);border-radius:.5rem;padding:1rem 1.1rem;margin:1.5rem 0}
.place{font-family:ui-monospace,SFMono-Regular,Consolas,monospace;font-size:.9rem;color:var(--bad);margin:0 0 .3rem}
pre{font:.85rem/1.5 ui-monospace,SFMono-Regular,Consolas,monospace;background:var(--card);border-radius:.4rem;padding:.7rem 0;margin:.6rem 0;overflow:auto;tab-size:4;overflow-wrap:normal}
pre span{display:block;min-width:max-content;padding:0 .8rem}
pre i{color:var(--soft);font-style:normal;user-select:none}
pre .at{background:var(--mark)}
pre .at i,pre .at b{color:var(--bad)}
.hint{margin:.6rem 0 0}
.hint b{color:var(--soft);font-weight:600}
details{margin-top:.6rem;color:var(--soft)}
summary{cursor:pointer}
ol{margin:.4rem 0 0;padding-left:1.6rem;font:.85rem/1.6 ui-monospace,SFMono-Regular,Consolas,monospace}
a{color:var(--link)}
footer{color:var(--soft);font-size:.9rem}
`

// ContentSecurityPolicy is the strictest policy that the page works under: nothing but its own style.
func ContentSecurityPolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}

// A page is written piece by piece; what is not ours goes through text.
type page struct{ strings.Builder }

func (p *page) raw(parts ...string) {
	for _, s := range parts {
		p.WriteString(s)
	}
}

func (p *page) text(s string) { p.WriteString(html.EscapeString(s)) }

func (v view) html() []byte {
	p := new(page)
	p.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
	p.text(strconv.Itoa(v.Status) + " " + v.Title)
	p.raw("</title>\n<style>", pageStyle, "</style>\n</head>\n<body>\n<main>\n<div role=\"alert\">\n<h1><small>", strconv.Itoa(v.Status), "</small>")
	p.text(v.Title)
	p.raw("</h1>\n<p>")
	p.text(v.Sentence)
	p.raw("</p>\n</div>\n")
	for _, f := range v.faults {
		f.write(p)
	}
	v.writeTrace(p)
	p.raw("</main>\n</body>\n</html>\n")
	return []byte(p.String())
}

func (f shownFault) write(p *page) {
	p.raw("<section>\n")
	if where := place(f.File, f.Line, f.Column); where != "" {
		p.raw("<p class=\"place\">")
		p.text(where)
		p.raw("</p>\n")
	}
	p.raw("<h2>")
	p.text(f.Message)
	p.raw("</h2>\n")
	if len(f.Lines) > 0 {
		p.raw("<pre role=\"region\" aria-label=\"The lines around\" tabindex=\"0\">")
		for _, l := range f.source() {
			l.write(p)
		}
		p.raw("</pre>\n")
	}
	if f.Hint != "" {
		p.raw("<p class=\"hint\"><b>Hint:</b> ")
		p.text(f.Hint)
		p.raw("</p>\n")
	}
	if n := len(f.Stack); n > 0 {
		p.raw("<details>\n<summary>How it got there: ", strconv.Itoa(n), plural(n, " step"), "</summary>\n<ol>\n")
		for _, s := range f.Stack {
			p.raw("<li>")
			p.text(s.words())
			p.raw("</li>\n")
		}
		p.raw("</ol>\n</details>\n")
	}
	p.raw("</section>\n")
}

func (l sourceText) write(p *page) {
	class := ""
	if l.marked {
		class = ` class="at"`
	}
	p.raw("<span", class, "><i>")
	p.text(l.before)
	p.raw("</i>")
	p.text(l.text)
	p.raw("\n</span>")
	if l.caret != "" {
		bar := strings.LastIndex(l.caret[:strings.LastIndexByte(l.caret, '^')], "| ") + 2
		p.raw("<span", class, " aria-hidden=\"true\"><i>")
		p.text(l.caret[:bar])
		p.raw("</i><b>")
		p.text(l.caret[bar:])
		p.raw("</b>\n</span>")
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func (v view) writeTrace(p *page) {
	if v.TraceURL == "" && v.TraceID == "" {
		return
	}
	p.raw("<footer>Trace ")
	if v.TraceURL == "" {
		p.text(v.TraceID)
	} else {
		label := v.TraceID
		if label == "" {
			label = "of this request"
		}
		p.raw("<a href=\"")
		p.text(v.TraceURL)
		p.raw("\">")
		p.text(label)
		p.raw("</a>")
	}
	p.raw("</footer>\n")
}
