package markdown

import "strings"

// Style is the style sheet for highlighted code, the same at every call. It needs no other sheet.
func Style(dark bool) string {
	if dark {
		return codeStyle(darkCode)
	}
	return codeStyle(lightCode)
}

// colours are those of highlighted code, by what they are for. Each has a contrast of at least 4.5 to 1 on back.
type colours struct {
	back, text, keyword, name, value, tag, number, comment string
	added, removed                                         string // backgrounds
}

var (
	lightCode = colours{"#f6f8fa", "#1f2328", "#cf222e", "#8250df", "#0a3069", "#116329", "#0550ae", "#59636e", "#dafbe1", "#ffebe9"}
	darkCode  = colours{"#161b22", "#e6edf3", "#ff7b72", "#d2a8ff", "#a5d6ff", "#7ee787", "#79c0ff", "#9198a1", "#033a16", "#67060c"}
)

func codeStyle(c colours) string {
	var b strings.Builder
	rule := func(selectors, declarations string) {
		b.WriteString(selectors + "{" + declarations + "}\n")
	}
	rule(".chroma", "background:"+c.back+";color:"+c.text)
	rule(".chroma .k,.chroma .kt,.chroma .cp", "color:"+c.keyword)
	rule(".chroma .nf,.chroma .nv", "color:"+c.name)
	rule(".chroma .s", "color:"+c.value)
	rule(".chroma .nt", "color:"+c.tag)
	rule(".chroma .m,.chroma .kc,.chroma .na", "color:"+c.number)
	rule(".chroma .c,.chroma .c1", "color:"+c.comment+";font-style:italic")
	rule(".chroma .gi", "background:"+c.added)
	rule(".chroma .gd", "background:"+c.removed)
	rule(".chroma .gu,.chroma .gh", "color:"+c.comment+";font-weight:bold")
	return b.String()
}

// shellStyle is the sheet of Shell, for screens, light and dark, and for paper.
var shellStyle = `:root{color-scheme:light dark;--back:#fff;--text:#1f2328;--soft:#59636e;--line:#d1d9e0;--link:#0969da;--code:#f6f8fa}
body{margin:0;background:var(--back);color:var(--text);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:break-word}
main{max-width:46rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:1.6em 0 .6em;scroll-margin-top:1rem}
h1{font-size:2rem;margin-top:0}h2{font-size:1.5rem;border-bottom:1px solid var(--line);padding-bottom:.25em}h3{font-size:1.2rem}h4,h5,h6{font-size:1rem}
a{color:var(--link);text-underline-offset:.15em}
img,video,svg{max-width:100%;height:auto}
code,pre,kbd{font-family:ui-monospace,SFMono-Regular,Consolas,monospace;font-size:.875em}
:not(pre)>code,kbd{background:var(--code);border-radius:.3em;padding:.15em .35em}
pre{background:var(--code);border-radius:.5em;padding:1em;overflow:auto;line-height:1.45}
pre code{font-size:.85rem}
blockquote{margin:1em 0;padding:0 1em;color:var(--soft);border-left:.25em solid var(--line)}
table{display:block;max-width:100%;overflow:auto;border-collapse:collapse}
th,td{border:1px solid var(--line);padding:.4em .8em}
th{background:var(--code);text-align:left}
hr{border:0;border-top:1px solid var(--line);margin:2em 0}
li:has(>input[type=checkbox]){list-style:none;margin-left:-1.4em}
` + Style(false) + `@media (prefers-color-scheme:dark){
:root{--back:#0d1117;--text:#e6edf3;--soft:#9198a1;--line:#3d444d;--link:#4493f8;--code:#161b22}
` + Style(true) + `}
@media print{
body{background:#fff;color:#000;font-size:11pt}
main{max-width:none;padding:0}
pre,blockquote,table,img{break-inside:avoid}
h1,h2,h3{break-after:avoid}
pre{white-space:pre-wrap;border:1px solid #ccc}
a[href^=http]::after{content:" (" attr(href) ")";font-size:.85em;color:#555}
}
`
