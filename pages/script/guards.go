package script

import "fmt"

type guards struct{}

func guardsFor(string) guards { return guards{} }

func (guards) install(*Runtime) {}

// checkDepth refuses JSON text that is nested too deeply for the engine, whose parser would exhaust the stack.
func checkDepth(text string) error {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			quoted = !quoted
		case '\\':
			if quoted {
				i++
			}
		case '[', '{':
			if !quoted {
				depth++
			}
		case ']', '}':
			if !quoted {
				depth--
			}
		}
		if depth > maxDepth {
			return fmt.Errorf("the JSON is nested more than %d deep", maxDepth)
		}
	}
	return nil
}
