package markup

import (
	"strings"
	"text/template/parse"
)

const (
	maxText  = 4 << 20 // bytes of one file
	maxDepth = 500     // of blocks in blocks: parser, analysis and compiler recurse
)

// check finds calls of unknown functions, and templates that call each other for ever.
func (s *set) check() {
	for _, key := range sortedKeys(s.units) {
		u := s.units[key]
		identifiers(u.tree.Root, func(id *parse.IdentifierNode) {
			if s.options.Funcs[id.Ident] != nil || predefined[id.Ident] {
				return
			}
			fault := place{u.file, int(id.Pos)}.fault("there is no function %q", id.Ident)
			fault.Hint = didYouMean(id.Ident, s.functionNames(), "")
			s.faults = append(s.faults, fault)
		})
	}
	s.checkCycles()
}

func (s *set) functionNames() []string {
	return append(sortedKeys(s.options.Funcs), sortedKeys(predefined)...)
}

// checkCycles refuses templates that call each other unconditionally; a call within if, with or range may end.
func (s *set) checkCycles() {
	state := map[string]int{} // 1: on the way, 2: done
	var way []string
	var visit func(u *unit)
	visit = func(u *unit) {
		state[u.key] = 1
		way = append(way, u.name)
		for _, n := range u.tree.Root.Nodes {
			call, ok := n.(*parse.TemplateNode)
			if !ok || s.units[call.Name] == nil {
				continue
			}
			switch next := s.units[call.Name]; state[next.key] {
			case 0:
				visit(next)
			case 1:
				fault := place{u.file, int(call.Pos)}.fault("the templates call each other for ever: %s", circle(way, next.name))
				fault.Hint = "put the call into an {{if}} or {{range}} that ends"
				s.faults = append(s.faults, fault)
			}
		}
		way = way[:len(way)-1]
		state[u.key] = 2
	}
	for _, key := range sortedKeys(s.units) {
		if state[key] == 0 {
			visit(s.units[key])
		}
	}
}

func circle(way []string, back string) string {
	from := len(way) - 1
	for from > 0 && way[from] != back {
		from--
	}
	return strings.Join(append(append([]string(nil), way[from:]...), back), " → ")
}

// tooDeep refuses what would make parser and analysis recurse too deeply, before they do.
func tooDeep(f *file) *Error {
	if len(f.text) > maxText {
		return place{f, 0}.fault("the file has more than %d MB", maxText>>20)
	}
	var fault *Error
	depth := 0
	scanBlocks(f.text, func(at, change int, _ string) bool {
		if depth += change; depth > maxDepth {
			fault = place{f, at}.fault("blocks stand more than %d deep in each other", maxDepth)
		}
		return fault == nil
	})
	return fault
}

// unclosed finds the innermost block that is open at the end of the text.
func unclosed(text string) (at int, word string) {
	type block struct {
		at   int
		word string
	}
	var open []block
	scanBlocks(text, func(at, change int, word string) bool {
		switch {
		case change > 0 && word != "else":
			open = append(open, block{at, word})
		case change < 0 && len(open) > 0:
			open = open[:len(open)-1]
		}
		return true
	})
	if n := len(open); n > 0 {
		return open[n-1].at, open[n-1].word
	}
	return len(text), ""
}

// scanBlocks tells where blocks open and close, and by how much the depth changes there; an "else if" opens one
// more that the same end closes. It looks at words only, so comments and strings may lead it astray: good enough
// for limits and for messages.
func scanBlocks(text string, visit func(at, change int, word string) bool) {
	var open []int
	for at := 0; ; {
		i := strings.Index(text[at:], "{{")
		if i < 0 {
			return
		}
		at += i + 2
		word, rest := nextWord(text[at:])
		change := 0
		switch word {
		case "if", "range", "with", "block", "define":
			open, change = append(open, 1), 1
		case "else":
			if next, _ := nextWord(rest); (next == "if" || next == "with") && len(open) > 0 {
				open[len(open)-1]++
				change = 1
			}
		case "end":
			if n := len(open); n > 0 {
				open, change = open[:n-1], -open[n-1]
			}
		}
		if change != 0 && !visit(at-2, change, word) {
			return
		}
	}
}

// nextWord skips a trim marker and spaces and cuts off the letters that follow.
func nextWord(s string) (word, rest string) {
	s = strings.TrimLeft(strings.TrimPrefix(s[:min(len(s), 4096)], "-"), " \t\r\n")
	i := 0
	for i < len(s) && 'a' <= s[i] && s[i] <= 'z' {
		i++
	}
	return s[:i], s[i:]
}
