package pull

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"lockstep/schema"
)

// longest is how many letters a name has at most, so that addresses fit in a line.
const longest = 48

// names gives each block its own name.
type names struct {
	taken map[string]bool
	// next is the number that was last tried, by address.
	next map[string]int
}

func newNames(taken map[string]bool) *names {
	n := &names{taken: make(map[string]bool, len(taken)), next: map[string]int{}}
	for address := range taken {
		n.taken[address] = true
	}
	return n
}

// give returns the name, after a prefix such as "ghl_contact.", that a text becomes.
// A text that leaves none is called by its noun, and equal ones are numbered.
func (n *names) give(prefix, text, noun string) string {
	name := slug(text)
	if name == "" {
		name = slug(noun)
	}
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = strings.TrimSuffix(slug(noun)+"_"+name, "_")
	}
	if !n.taken[prefix+name] {
		n.taken[prefix+name] = true
		return name
	}
	for i := max(n.next[prefix+name], 1) + 1; ; i++ {
		numbered := name + "_" + strconv.Itoa(i)
		if !n.taken[prefix+numbered] {
			n.taken[prefix+numbered], n.next[prefix+name] = true, i
			return numbered
		}
	}
}

// slug is a text as a name in a file: small Latin letters, digits and "_".
func slug(text string) string {
	spelt := map[rune]string{'ß': "ss", 'ø': "o", 'æ': "ae", 'œ': "oe", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i"}
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if b.Len() >= longest {
			break
		}
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case spelt[r] != "":
			b.WriteString(spelt[r])
		case unicode.Is(unicode.Mn, r) || r == '\'':
			// An accent, or the apostrophe of O'Hara, parts no words.
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.Trim(b.String(), "_")
}

// calledBy is what people call an object by: its titles, or else a natural key, or
// else its content. A text that leaves no name counts as none.
func calledBy(kind *schema.Kind, o *schema.Object) string {
	var titles []string
	for i := range kind.Attributes {
		if a := &kind.Attributes[i]; a.Title {
			titles = append(titles, o.Value(a.Name).Text())
		}
	}
	if text := strings.Join(titles, " "); slug(text) != "" {
		return text
	}
	for _, key := range kind.Keys {
		// The last part tells objects apart that have the others in common.
		if text := o.Value(key[len(key)-1]).Text(); key[len(key)-1] != kind.Parent && slug(text) != "" {
			return text
		}
	}
	var content []string
	for _, path := range kind.Content {
		if a := kind.Attribute(path); a == nil || !refers(a) {
			content = append(content, o.Value(path).Text())
		}
	}
	return strings.Join(content, " ")
}

// fileNames are the names of the files of sets, without ending, no two the same.
func fileNames(sets []Set) []string {
	names := newNames(nil)
	all := make([]string, len(sets))
	for i := range sets {
		if sets[i].Source != nil {
			continue
		}
		_, alias, _ := strings.Cut(sets[i].Provider, ".")
		all[i] = names.give("", strings.TrimSpace(alias+" "+sets[i].Kind.Plural), sets[i].Kind.Name)
	}
	return all
}

// FileNames are the files that may be written for kinds of a provider, so that one
// that is there already is told before anything is read.
func FileNames(provider string, kind *schema.Kind, tables bool) []string {
	name := fileNames([]Set{{Provider: provider, Kind: kind}})[0]
	files := []string{name + ".hcl", importsOf(name)}
	if tables {
		files = append(files, name+".csv")
	}
	return files
}

func importsOf(name string) string { return "import_" + name + ".hcl" }
