package sitetest

import (
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// A Script is a parsed archive.
type Script struct {
	name     string
	files    []txtar.File
	commands []command
	reloads  bool // something is expected of the event stream
}

// A command is one step with its place in the script.
type command struct {
	line   int
	verb   string // "request", "write", "save", "remove", "rename", "expect"
	args   []string
	text   string // of write and save
	sends  []clause
	checks []clause
}

// A clause is an indented line: its first word and the rest.
type clause struct {
	line       int
	word, rest string
	pattern    *regexp.Regexp // body matches
}

// methods are the verbs that are requests.
var methods = map[string]string{
	"get": http.MethodGet, "head": http.MethodHead, "post": http.MethodPost, "put": http.MethodPut,
	"patch": http.MethodPatch, "delete": http.MethodDelete, "options": http.MethodOptions,
}

// Parse reads an archive. Its errors begin with name and line.
func Parse(name string, data []byte) (*Script, error) {
	archive := txtar.Parse(data)
	s := &Script{name: name, files: archive.Files}
	for _, f := range s.files {
		if err := checkName(f.Name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	p := parser{script: s, lines: strings.Split(strings.TrimSuffix(string(archive.Comment), "\n"), "\n")}
	if err := p.parse(); err != nil {
		return nil, err
	}
	if len(s.commands) == 0 {
		return nil, fmt.Errorf("%s:1: the script has no command", name)
	}
	return s, nil
}

func checkName(name string) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name {
		return fmt.Errorf("%q is not the name of a file of the site", name)
	}
	return nil
}

type parser struct {
	script *Script
	lines  []string
	at     int // index of the next line
}

func (p *parser) fault(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.script.name, line, fmt.Sprintf(format, args...))
}

func indented(line string) bool {
	return strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
}

func (p *parser) parse() error {
	for p.at < len(p.lines) {
		line := strings.TrimRight(p.lines[p.at], " \t\r")
		p.at++
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case indented(line):
			return p.fault(p.at, "the line belongs to no command")
		}
		if err := p.command(line); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) command(line string) error {
	words := strings.Fields(line)
	c := command{line: p.at, verb: words[0], args: words[1:]}
	var err error
	switch c.verb {
	case "write", "save":
		err = p.wants(c, 1)
		c.text = p.block()
	case "remove":
		err = p.wants(c, 1)
	case "rename":
		err = p.wants(c, 2)
	case "expect":
		if len(c.args) < 2 || c.args[0] != "reload" {
			return p.fault(c.line, "write: expect reload EVENT [TEXT]")
		}
		p.script.reloads = true
		c.text = strings.TrimSpace(afterWords(line, 3))
	default:
		if c, err = p.request(c); err == nil {
			err = p.clauses(&c)
		}
	}
	if err != nil {
		return err
	}
	p.script.commands = append(p.script.commands, c)
	return nil
}

// wants checks the number of names of a command, and that they are files of the site.
func (p *parser) wants(c command, n int) error {
	if len(c.args) != n {
		return p.fault(c.line, "%s takes %d names, not %d", c.verb, n, len(c.args))
	}
	for _, name := range c.args {
		if err := checkName(name); err != nil {
			return p.fault(c.line, "%v", err)
		}
	}
	return nil
}

func (p *parser) request(c command) (command, error) {
	if c.verb == "visit" {
		c.sends = browserHeaders()
		c.verb, c.args = "request", append([]string{http.MethodGet}, c.args...)
	}
	if c.verb != "request" {
		method, ok := methods[c.verb]
		if !ok {
			return c, p.fault(c.line, "there is no command %q", c.verb)
		}
		c.verb, c.args = "request", append([]string{method}, c.args...)
	}
	if len(c.args) != 2 || !strings.HasPrefix(c.args[1], "/") {
		return c, p.fault(c.line, "a request takes a path that begins with /")
	}
	return c, nil
}

// browserHeaders are what browsers send when they navigate.
func browserHeaders() []clause {
	return []clause{
		{word: "with", rest: "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
		{word: "with", rest: "Sec-Fetch-Dest: document"},
		{word: "with", rest: "Sec-Fetch-Mode: navigate"},
		{word: "with", rest: "Sec-Fetch-Site: none"},
	}
}

// block takes the indented lines below a command, without their indentation.
func (p *parser) block() string {
	var lines []string
	indent, used := "", 0
	for i := p.at; i < len(p.lines); i++ {
		line := strings.TrimRight(p.lines[i], "\r")
		blank := strings.TrimSpace(line) == ""
		if !blank && !indented(line) {
			break
		}
		if indent == "" && !blank {
			indent = line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		}
		lines = append(lines, strings.TrimPrefix(line, indent))
		if !blank {
			used = len(lines)
		}
	}
	p.at += used
	if used == 0 {
		return ""
	}
	return strings.Join(lines[:used], "\n") + "\n"
}

// clauses reads what a request sends and what its answer must be.
func (p *parser) clauses(c *command) error {
	for ; p.at < len(p.lines); p.at++ {
		line := p.lines[p.at]
		text := strings.TrimSpace(line)
		if text == "" || indented(line) && strings.HasPrefix(text, "#") {
			continue
		}
		if !indented(line) {
			return nil
		}
		word, rest, _ := strings.Cut(text, " ")
		cl := clause{line: p.at + 1, word: word, rest: strings.TrimSpace(rest)}
		switch word {
		case "with", "form", "send":
			if len(c.checks) > 0 {
				return p.fault(cl.line, "what is sent stands before what is expected")
			}
			c.sends = append(c.sends, cl)
		default:
			if err := p.check(&cl); err != nil {
				return err
			}
			c.checks = append(c.checks, cl)
			continue
		}
		if word != "send" && !strings.ContainsAny(rest, ":=") {
			return p.fault(cl.line, "write: with NAME: VALUE, or form NAME=VALUE")
		}
	}
	return nil
}

// check says at once what is wrong with an expectation, so that none is skipped at run time.
func (p *parser) check(c *clause) error {
	switch c.word {
	case "status":
		if n, err := strconv.Atoi(c.rest); err != nil || n < 100 || n > 599 {
			return p.fault(c.line, "%q is no status", c.rest)
		}
	case "header":
		if name, kind, _ := headerCheck(c.rest); name == "" || kind == "" {
			return p.fault(c.line, "write: header NAME: VALUE, header NAME contains TEXT, or header NAME missing")
		}
	case "body":
		kind, text, err := bodyCheck(c.rest)
		if err == nil && kind == "matches" {
			c.pattern, err = regexp.Compile(text)
		}
		if err != nil {
			return p.fault(c.line, "%v", err)
		}
	case "trace":
		if c.rest == "" || c.rest == "not" {
			return p.fault(c.line, "write: trace NAME…, or trace not NAME…")
		}
	case "why":
		if c.rest == "" {
			return p.fault(c.line, "write: why TEXT")
		}
	default:
		return p.fault(c.line, "there is no expectation %q", c.word)
	}
	return nil
}

// headerCheck reads the rest of a header clause: its name, "is", "contains" or "missing", and a text.
func headerCheck(rest string) (name, kind, text string) {
	if name, text, ok := strings.Cut(rest, ":"); ok && !strings.Contains(name, " ") {
		return name, "is", unquote(strings.TrimSpace(text))
	}
	name, rest, _ = strings.Cut(rest, " ")
	kind, text, _ = strings.Cut(strings.TrimSpace(rest), " ")
	switch {
	case kind == "missing" && text == "", kind == "contains" && strings.TrimSpace(text) != "":
		return name, kind, unquote(strings.TrimSpace(text))
	}
	return "", "", ""
}

// bodyCheck reads the rest of a body clause.
func bodyCheck(rest string) (kind, text string, err error) {
	for _, kind := range []string{"not contains", "contains", "equals", "matches", "empty"} {
		text, ok := strings.CutPrefix(rest, kind)
		if !ok || text != "" && text[0] != ' ' {
			continue
		}
		text = unquote(strings.TrimSpace(text))
		if (text == "") != (kind == "empty") && kind != "equals" {
			return "", "", fmt.Errorf("body %s has no text, or one too many", kind)
		}
		return kind, text, nil
	}
	return "", "", fmt.Errorf("write: body contains, not contains, equals or matches TEXT, or body empty")
}

func unquote(text string) string {
	if strings.HasPrefix(text, `"`) {
		if s, err := strconv.Unquote(text); err == nil {
			return s
		}
	}
	return text
}

// afterWords is a line without its first n words.
func afterWords(line string, n int) string {
	for range n {
		_, line, _ = strings.Cut(strings.TrimLeft(line, " \t"), " ")
	}
	return line
}
