package view

import (
	"fmt"
	"io"
	"net/url"
	"strings"
)

// marker is the hidden line by which the comment on a folder's plan is found again.
func marker(folder string) string {
	name := strings.NewReplacer("+", "%20", "--", "%2D%2D").Replace(url.QueryEscape(folder))
	return "<!-- lockstep plan: " + name + " -->"
}

// frame is how many bytes the lines around a part take at most, its title aside.
const frame = 200

// mostRefusals is how many refusals and places a review names.
const mostRefusals = 10

// Markdown writes a review in at most some bytes, for a comment or a summary. Values
// stand in fences and in code only, where nothing in them is Markdown, HTML or a mention.
func (r *Review) Markdown(w io.Writer, most int) error {
	head, foot := r.head(), r.foot()
	var b strings.Builder
	b.WriteString(head)
	room := most - len(head) - len(foot)
	for i, p := range r.parts {
		// Each may take half of what is left, so that many conflicts do not hide what is
		// destroyed; what it does not take is for the next ones.
		share := room / 2
		if i == len(r.parts)-1 {
			share = room
		}
		text := p.markdown(share)
		b.WriteString(text)
		room -= len(text)
	}
	b.WriteString(foot)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Review) head() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n### lockstep plan of %s\n\n**%s**\n\n", marker(r.Folder), code(r.Folder), r.Line)
	for _, place := range firstOf(r.Places, mostRefusals) {
		fmt.Fprintf(&b, "- writes to %s\n", code(place))
	}
	for _, refusal := range firstOf(r.Refusals, mostRefusals) {
		fmt.Fprintf(&b, "- ⛔ apply refuses this unasked: %s\n", code(refusal))
	}
	if r.Reverts != "" {
		fmt.Fprintf(&b, "- ⚠️ %s\n", r.Reverts)
	}
	return strings.TrimRight(b.String(), "\n") + "\n\n"
}

func (r *Review) foot() string {
	var b strings.Builder
	if r.Cost != "" {
		b.WriteString(r.Cost + "\n\n")
	}
	if r.Digest != "" {
		fmt.Fprintf(&b, "Digest `%s`: `lockstep apply -expect=%s` carries out this plan and no other.\n", r.Digest, r.Digest)
	}
	return b.String()
}

// markdown is a part that can be folded away, in at most some bytes.
func (p part) markdown(room int) string {
	open := ""
	if p.matters {
		open = " open"
	}
	title := fmt.Sprintf("%s (%s)", p.title, thousands(p.objects()))
	lines, left := p.fit(room - frame - len(title))
	var b strings.Builder
	fmt.Fprintf(&b, "<details%s><summary>%s</summary>\n\n", open, title)
	if lines != "" {
		fmt.Fprintf(&b, "```diff\n%s\n```\n", strings.TrimRight(lines, "\n"))
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n… and %s more. `lockstep plan` lists them.\n", thousands(left))
	}
	b.WriteString("\n</details>\n\n")
	return b.String()
}

// code makes a text that stands for itself: one line of code.
func code(text string) string {
	return "`" + cutTo(strings.NewReplacer("`", "'", "\n", " ", "\r", " ").Replace(text), maxCode) + "`"
}

// maxCode is how many columns of a text stand in a line.
const maxCode = 400
