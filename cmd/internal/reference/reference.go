// Package reference writes what providers declare: as Markdown for people, and as a
// JSON Schema by which editors complete and check files in HCL's JSON syntax. All of
// it is made from the declarations.
package reference

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"lockstep/cmd/internal/view"
	"lockstep/schema"
)

// Mark begins each page, so that no other file is written over.
const Mark = "<!-- Made by lockstep docs. -->\n\n"

// Page is a file of the reference. Path has slashes.
type Page struct{ Path, Text string }

// Pages are the reference of providers: an index, a page for each provider, and one
// for each kind with its data sources.
func Pages(catalog []*schema.Provider) []Page {
	var index strings.Builder
	index.WriteString("# Reference\n\n| provider | |\n|---|---|\n")
	pages := []Page{{}}
	for _, p := range catalog {
		row(&index, "["+p.Name+"]("+p.Name+"/README.md)", p.Doc)
		pages = append(pages, Page{path.Join(p.Name, "README.md"), providerPage(p)})
		for _, k := range p.Kinds {
			pages = append(pages, Page{path.Join(p.Name, k.Name+".md"), kindPage(p, k)})
		}
	}
	pages[0] = Page{"README.md", index.String()}
	for i := range pages {
		pages[i].Text = Mark + pages[i].Text
	}
	return pages
}

func providerPage(p *schema.Provider) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The provider %s\n\n%s\n\n", p.Name, p.Doc)
	arguments(&b, p)
	kinds(&b, p, func(k *schema.Kind) string { return k.Name + ".md" })
	dataSources(&b, p.Data)
	actions(&b, p)
	return b.String()
}

func kindPage(p *schema.Provider, k *schema.Kind) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", k.Name, k.Doc)
	facts := [][2]string{{"provider", "[" + p.Name + "](README.md)"}, {"known by", view.KnownBy(k)}, {"objects", view.KindTraits(k)},
		{"written after", linked(k.After)}, {"scopes to read", quoted(k.Scopes.Read)}, {"scopes to write", quoted(k.Scopes.Write)}}
	b.WriteString("| | |\n|---|---|\n")
	for _, f := range facts {
		if f[1] != "" {
			row(&b, f[0], f[1])
		}
	}
	if !k.ReadOnly {
		b.WriteString("\n```hcl\n" + view.ExampleBlock(p, k, "") + "```\n")
	}
	b.WriteString("\n## Attributes\n\n")
	attributes(&b, k)
	var read []*schema.DataSource
	for _, d := range p.Data {
		if d.Kind == k.Name {
			read = append(read, d)
		}
	}
	if len(read) > 0 {
		dataSources(&b, read)
	}
	return b.String()
}

// linked are kinds of the same provider, with links to their pages.
func linked(names []string) string {
	links := make([]string, len(names))
	for i, name := range names {
		links[i] = "[" + name + "](" + name + ".md)"
	}
	return strings.Join(links, ", ")
}

func quoted(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "`" + strings.Join(words, "`, `") + "`"
}

// Tables describe all that a provider declares on one page.
func Tables(p *schema.Provider) string {
	var b strings.Builder
	arguments(&b, p)
	kinds(&b, p, func(k *schema.Kind) string { return "#" + k.Name })
	dataSources(&b, p.Data)
	actions(&b, p)
	for _, k := range p.Kinds {
		fmt.Fprintf(&b, "\n### `%s`\n\n%s\n\n", k.Name, k.Doc)
		attributes(&b, k)
	}
	return b.String()
}

func arguments(b *strings.Builder, p *schema.Provider) {
	b.WriteString("## The provider block\n\n| argument | type | |\n|---|---|---|\n")
	for _, a := range p.Config {
		doc := a.Doc
		if a.Env != "" {
			doc += " Also `" + a.Env + "`."
		}
		row(b, "`"+a.Name+"`", view.TypeName(a.Type), doc)
	}
}

func kinds(b *strings.Builder, p *schema.Provider, at func(*schema.Kind) string) {
	b.WriteString("\n## The kinds\n\n| kind | is known by | |\n|---|---|---|\n")
	for _, k := range p.Kinds {
		row(b, "[`"+k.Name+"`]("+at(k)+")", view.KnownBy(k), view.KindTraits(k))
	}
}

func dataSources(b *strings.Builder, all []*schema.DataSource) {
	b.WriteString("\n## The data sources\n\n| data source | finds | arguments |\n|---|---|---|\n")
	for _, d := range all {
		row(b, "`"+d.Name+"`", d.Doc, described(d.Arguments))
	}
}

// described are arguments in one cell of a table.
func described(arguments []schema.Attribute) string {
	var lines []string
	for i := range arguments {
		lines = append(lines, "`"+arguments[i].Name+"`: "+arguments[i].Doc)
	}
	return strings.Join(lines, "<br>")
}

// actions describes the actions of a provider, if it has some.
func actions(b *strings.Builder, p *schema.Provider) {
	if len(p.Actions) == 0 {
		return
	}
	b.WriteString("\n## The actions\n\n| action | does | people notice | run again by itself | arguments |\n|---|---|---|---|---|\n")
	for _, a := range p.Actions {
		again := "never"
		if a.Repeatable {
			again = "yes"
		}
		row(b, "`"+a.Name+"`", a.Doc, a.Disruptive, again, described(a.Arguments))
	}
}

func attributes(b *strings.Builder, k *schema.Kind) {
	b.WriteString("| attribute | type | | |\n|---|---|---|---|\n")
	for i := range k.Attributes {
		a := &k.Attributes[i]
		row(b, "`"+a.Name+"`", view.TypeName(a.Type), strings.Join(view.Traits(a), ", "), a.Doc)
	}
}

// row writes one row of a table.
func row(b *strings.Builder, cells ...string) {
	for _, cell := range cells {
		b.WriteString("| " + strings.ReplaceAll(cmp.Or(cell, " "), "|", `\|`) + " ")
	}
	b.WriteString("|\n")
}
