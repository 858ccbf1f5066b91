package markup

import (
	"strconv"
	"strings"
	"text/template/parse"
	"time"
)

// parseText parses the text of a file: its body under the file's name, and its defines.
func parseText(f *file) (map[string]*parse.Tree, *Error) {
	trees, err := parseTrees(f.name, f.text)
	if err == nil {
		return trees, nil
	}
	line, message := parseFault(f.name, err)
	if fault := unfinished(f, line, message); fault != nil {
		return nil, fault
	}
	at := place{f, locate(f, line, message)}
	fault := at.fault("%s", plainly(message))
	if line > 0 && fault.Line != line {
		fault.Line, fault.Column = line, 1
	}
	return nil, fault
}

func parseTrees(name, text string) (map[string]*parse.Tree, error) {
	trees := map[string]*parse.Tree{}
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck // we check with places and suggestions
	if _, err := tree.Parse(text, "", "", trees); err != nil {
		return nil, err
	}
	return trees, nil
}

// unfinished makes the fault of a block or action that lacks its end, or is a double: where it began, not where the
// parser found out.
func unfinished(f *file, line int, message string) *Error {
	switch {
	case strings.Contains(message, "multiple definition of template"):
		at := secondDefine(f.text, quotedIn(message))
		return place{f, at}.fault("%s", plainly(message))
	case message == "unexpected EOF":
		at, word := unclosed(f.text)
		if word == "" {
			return nil
		}
		fault := place{f, at}.fault("the {{%s}} that begins here has no {{end}}", word)
		fault.Hint = "close it by {{end}}"
		return fault
	case strings.HasPrefix(message, "unclosed action"):
		if _, began, ok := strings.Cut(message, " at line "); ok {
			line, _ = strconv.Atoi(began)
		}
		start, end := lineBounds(f.text, line)
		at := start + max(0, strings.LastIndex(f.text[start:end], "{{"))
		fault := place{f, at}.fault("the action that begins here is not closed")
		fault.Hint = "close it by }}"
		return fault
	}
	return nil
}

// secondDefine finds where a template is defined for the second time.
func secondDefine(text, name string) int {
	found, times := 0, 0
	scanBlocks(text, func(at, change int, word string) bool {
		if word != "define" && word != "block" || change < 0 {
			return true
		}
		rest := strings.TrimLeft(strings.TrimLeft(text[at+2:], "- \t\r\n")[len(word):], " \t\r\n")
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return true
		}
		if defined, err := strconv.Unquote(quoted); err == nil && defined == name {
			found = at
			times++
		}
		return times < 2
	})
	return found
}

// parseFault takes apart "template: NAME:LINE: message".
func parseFault(name string, err error) (line int, message string) {
	message = strings.TrimPrefix(err.Error(), "template: ")
	rest, ok := strings.CutPrefix(message, name+":")
	if !ok {
		return 0, message
	}
	digits, rest, ok := strings.Cut(rest, ": ")
	if n, err := strconv.Atoi(digits); ok && err == nil {
		return n, strings.ReplaceAll(rest, " at "+name+":", " at line ")
	}
	return 0, message
}

// plainly says the parser's less obvious messages in other words.
func plainly(message string) string {
	message = strings.TrimPrefix(message, "template: ")
	switch {
	case message == "unexpected {{end}}":
		return "{{end}} closes nothing here"
	case message == "unexpected {{else}}":
		return "{{else}} belongs to nothing here"
	}
	return message
}

// locate finds the column of a parse fault, which the parser does not tell. The parser tells lines; so a line
// break put before the token that it stumbles over moves the fault one line down, and one put behind it does
// not. That makes the last break that moves it the place.
func locate(f *file, line int, message string) int {
	start, end := lineBounds(f.text, line)
	moves := func(at int) bool {
		_, err := parseTrees(f.name, f.text[:at]+"\n"+f.text[at:])
		if err == nil {
			return false
		}
		l, m := parseFault(f.name, err)
		return l == line+1 && sameFault(m, message)
	}
	candidates := gaps(f.text, start, end)
	low, high := 0, len(candidates) // candidates below low move it, those from high on do not
	for end := time.Now().Add(patience); low < high && time.Now().Before(end); {
		middle := (low + high) / 2
		if moves(candidates[middle]) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	at := start
	if low > 0 {
		at = candidates[low-1]
	}
	return start + tokenIn(f.text[start:end], at-start, message)
}

// sameFault compares messages, whatever other lines they mention.
func sameFault(a, b string) bool {
	for _, tail := range []string{" in action started at line ", " at line "} {
		a, _, _ = strings.Cut(a, tail)
		b, _, _ = strings.Cut(b, tail)
	}
	return a == b
}

func lineBounds(text string, line int) (start, end int) {
	for ; line > 1; line-- {
		i := strings.IndexByte(text[start:], '\n')
		if i < 0 {
			break
		}
		start += i + 1
	}
	if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
		return start, start + i
	}
	return start, len(text)
}

// gaps lists where a line break changes nothing: at the starts of actions, and in their spaces outside of
// quotes.
func gaps(text string, start, end int) []int {
	var at []int
	inside, quote := insideAction(text[:start]), byte(0)
	for i := start; i < end; i++ {
		switch c := text[i]; {
		case !inside:
			if strings.HasPrefix(text[i:end], "{{") {
				inside = true
				at = append(at, i)
				i++
				if strings.HasPrefix(text[i:end], "{- ") {
					i++
				}
				at = append(at, i+1)
			}
		case quote != 0:
			if c == '\\' && quote != '`' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '`' || c == '\'':
			quote = c
		case strings.HasPrefix(text[i:end], "}}"):
			inside = false
			at = append(at, i)
			i++
		case c == ' ' || c == '\t':
			if !strings.HasPrefix(text[i+1:end], "-}}") {
				at = append(at, i+1)
			}
		}
	}
	return at
}

func insideAction(before string) bool {
	return strings.LastIndex(before, "{{") > strings.LastIndex(before, "}}")
}

// tokenIn finds the token that a message speaks of, in a line: from the offset at on, or, where the parser looks
// one token ahead before it complains, before that.
func tokenIn(line string, at int, message string) int {
	if strings.HasPrefix(strings.TrimPrefix(message, "unexpected "), "{{") {
		return max(0, strings.LastIndex(line[:at], "{{"))
	}
	rest := line[at:]
	spaces := len(rest) - len(strings.TrimLeft(rest, " \t"))
	token := quotedIn(message)
	switch {
	case token == "":
	case strings.HasPrefix(message, "unexpected "):
		if i := strings.Index(rest, token); i >= 0 {
			return at + i
		}
	default:
		if i := strings.LastIndex(line[:min(len(line), at+spaces+len(token))], token); i >= 0 {
			return i
		}
	}
	return at + spaces
}

// quotedIn gives the first quoted text of a message.
func quotedIn(message string) string {
	i := strings.IndexByte(message, '"')
	if i < 0 {
		return ""
	}
	quoted, err := strconv.QuotedPrefix(message[i:])
	if err != nil {
		return ""
	}
	token, err := strconv.Unquote(quoted)
	if err != nil {
		return ""
	}
	return token
}
