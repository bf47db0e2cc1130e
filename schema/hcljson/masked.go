package hcljson

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// quoted is a text of JSON with the colon after it, if there is one: a text before a
// colon is a key.
var quoted = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"(?:[ \t\r\n]*:)?`)

// Masked is what may be shown of a file with errors: its keys and signs, with stars in
// place of values. Where the tree lacks parts, any value may be a secret.
func Masked(src []byte) []byte {
	out := bytes.Clone(src)
	from := 0
	for _, at := range quoted.FindAllIndex(src, -1) {
		star(out[from:at[0]], signs)
		if from = at[1]; src[at[1]-1] != ':' {
			star(out[at[0]+1:at[1]-1], "")
		}
	}
	star(out[from:], signs)
	return out
}

// signs are what stands between keys and values.
const signs = "{}[],:\" \t\r\n"

// star covers a text, but for some characters.
func star(text []byte, but string) {
	for i, b := range text {
		if strings.IndexByte(but, b) < 0 {
			text[i] = '*'
		}
	}
}

// firstMistake is the first thing that is wrong: the rest mostly follows from it.
// No detail quotes what stands in the file.
func firstMistake(diags hcl.Diagnostics) hcl.Diagnostics {
	first := *diags[0]
	if first.Summary == "Invalid JSON keyword" {
		first.Detail = "A value is a text in double quotes, a number, true, false, null, a list in [ ] or an object in { }."
	}
	return hcl.Diagnostics{&first}
}
