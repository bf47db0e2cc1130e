package view

import (
	"html/template"
	"io"
	"strings"
)

// reviewPage is a page that stands alone: it loads nothing.
const reviewPage = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>lockstep plan of {{.Folder}}</title><style>
:root { color-scheme: light dark; --gone: #b3261e; --new: #17692f; --other: #7a5200; --soft: #5b6269 }
@media (prefers-color-scheme: dark) { :root { --gone: #ff8a80; --new: #7fd99a; --other: #ffcc66; --soft: #a4abb0 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: .4rem; font-size: .85rem }
summary { font-weight: 600; cursor: pointer } .stop, .gone { color: var(--gone) } .new { color: var(--new) } .other { color: var(--other) } .soft { color: var(--soft) } code { overflow-wrap: anywhere }
</style></head><body>
<h1>lockstep plan of {{.Folder}}</h1>
<p><strong>{{.Line}}</strong></p>
<ul>{{range .Places}}<li>writes to {{.}}</li>{{end}}{{range .Refusals}}<li class="stop">apply refuses this unasked: {{.}}</li>{{end}}{{with .Reverts}}<li>{{.}}</li>{{end}}</ul>
{{range .Parts}}<details{{if .Matters}} open{{end}}><summary>{{.Title}} ({{.Objects}})</summary><pre>{{range .Lines}}{{if .Look}}<span class="{{.Look}}">{{.Text}}</span>{{else}}{{.Text}}{{end}}
{{end}}</pre></details>
{{end}}{{with .Cost}}<p>{{.}}</p>{{end}}{{with .Digest}}<p>Digest <code>{{.}}</code>: <code>lockstep apply -expect={{.}}</code> carries out this plan and no other.</p>{{end}}
</body></html>
`

// HTML writes a review as a page, whole.
func (r *Review) HTML(w io.Writer) error {
	page, err := template.New("review").Parse(reviewPage)
	if err != nil {
		return err
	}
	type shown struct {
		Title, Objects string
		Lines          []reviewLine
		Matters        bool
	}
	data := struct {
		*Review
		Parts []shown
	}{Review: r}
	for _, p := range r.parts {
		all := 0
		for _, b := range p.blocks {
			all += len(b.text)
		}
		lines, _ := p.fit(all)
		data.Parts = append(data.Parts, shown{p.title, thousands(p.objects()), reviewLines(lines), p.matters})
	}
	return page.Execute(w, data)
}

// reviewLine is a line of changes, and the class that its sign gives it.
type reviewLine struct{ Text, Look string }

func reviewLines(text string) []reviewLine {
	looks := map[byte]string{'-': "gone", '+': "new", '!': "other", '#': "soft"}
	var lines []reviewLine
	for text := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		line := reviewLine{Text: text}
		if text != "" {
			line.Look = looks[text[0]]
		}
		// What happens to an object is not soft, what is told about it is.
		if strings.HasPrefix(text, "# ") && !strings.HasPrefix(text, "# (") && !strings.HasPrefix(text, "#  ") {
			line.Look = ""
		}
		lines = append(lines, line)
	}
	return lines
}
