package markup

var (
	noTable   table
	htmlTable = table{
		0: "\uFFFD", '"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;",
	}
	// htmlNormTable leaves entities as they are.
	htmlNormTable = table{
		0: "\uFFFD", '"': "&#34;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;",
	}
	bareTable = table{
		0: "&#xfffd;", '\t': "&#9;", '\n': "&#10;", '\v': "&#11;", '\f': "&#12;", '\r': "&#13;", ' ': "&#32;",
		'"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '=': "&#61;", '>': "&gt;", '`': "&#96;",
	}
	jsNormTable = table{
		0: `\u0000`, 1: `\u0001`, 2: `\u0002`, 3: `\u0003`, 4: `\u0004`, 5: `\u0005`, 6: `\u0006`, 7: `\u0007`,
		8: `\u0008`, '\t': `\t`, '\n': `\n`, '\v': `\u000b`, '\f': `\f`, '\r': `\r`, 14: `\u000e`, 15: `\u000f`,
		16: `\u0010`, 17: `\u0011`, 18: `\u0012`, 19: `\u0013`, 20: `\u0014`, 21: `\u0015`, 22: `\u0016`, 23: `\u0017`,
		24: `\u0018`, 25: `\u0019`, 26: `\u001a`, 27: `\u001b`, 28: `\u001c`, 29: `\u001d`, 30: `\u001e`, 31: `\u001f`,
		'"': `\u0022`, '`': `\u0060`, '&': `\u0026`, '\'': `\u0027`, '+': `\u002b`, '/': `\/`, '<': `\u003c`, '>': `\u003e`,
	}
	jsTable        = jsNormTable.with('\\', `\\`)
	jsLiteralTable = jsTable.with('$', `\u0024`).with('{', `\u007b`).with('}', `\u007d`)
)

// with is a copy of the table with one more entry.
func (t table) with(c byte, text string) table {
	t[c] = text
	return t
}
