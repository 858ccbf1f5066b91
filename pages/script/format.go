package script

import "fmt"

// Format writes values as console.log does.
func Format(args []any) string {
	s := ""
	for i, a := range args {
		if i > 0 {
			s += " "
		}
		s += fmt.Sprint(Export(a))
	}
	return s
}
