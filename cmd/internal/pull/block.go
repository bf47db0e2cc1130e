package pull

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"lockstep/schema"
)

// write makes the files of a set.
func (w *writer) write(s *set, name string) []File {
	refs := newReferences(w)
	blocks, imports := w.blocks(refs, s)
	var files []File
	if s.table.block != "" {
		t := newTable(refs, s, name+".csv")
		blocks.prepend(t.block())
		imports.prepend("import {\nfor_each = " + s.table.local + "\nto = " + s.Kind.Name + "." + s.table.block + "[each.key]\nid = each.value.id\n}\n")
		files = append(files, File{Name: name + ".csv", Content: t.csv(refs)})
	}
	blocks.data(refs)
	return append(files, File{Name: name + ".hcl", Content: blocks.bytes()}, File{Name: importsOf(name), Content: imports.bytes()})
}

// blocks writes the blocks of the objects that get one, and the imports of them.
func (w *writer) blocks(refs *references, s *set) (blocks, imports page) {
	for _, e := range s.entries {
		if e.key != "" {
			continue
		}
		blocks.add(refs.resource(e))
		imports.add("import {\nto = " + e.address() + "\nid = " + quoted(e.ID) + "\n}\n")
	}
	return blocks, imports
}

// only makes the blocks of a set, for a file that other sets share.
func (w *writer) only(s *set) [][]byte {
	refs := newReferences(w)
	blocks, _ := w.blocks(refs, s)
	blocks.data(refs)
	return blocks.blocks
}

// data puts the data blocks that others refer to before them.
func (p *page) data(refs *references) {
	for i := len(refs.data) - 1; i >= 0; i-- {
		p.prepend(refs.dataBlock(refs.data[i]))
	}
}

// page is the text of a file, block by block.
type page struct{ blocks [][]byte }

func (p *page) add(block string)     { p.blocks = append(p.blocks, laidOut(block)) }
func (p *page) prepend(block string) { p.blocks = append([][]byte{laidOut(block)}, p.blocks...) }
func (p *page) bytes() []byte        { return bytes.Join(p.blocks, []byte("\n")) }

// laidOut is a block in the layout of `lockstep fmt`.
func laidOut(block string) []byte { return hclwrite.Format([]byte(block)) }

// resource is the block of an object.
func (r *references) resource(e *entry) string {
	var b bytes.Buffer
	b.WriteString("resource " + quoted(e.set.Kind.Name) + " " + quoted(e.name) + " {\n")
	writeProvider(&b, e.set)
	for i := range e.set.Kind.Attributes {
		a := &e.set.Kind.Attributes[i]
		if fields := e.fields.Of(a.Name); len(fields) > 0 {
			b.WriteString(a.Name + " = " + strings.TrimSuffix(r.value(e, a, fields), "\n") + "\n")
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// writeProvider names the provider of a block that is not of the first account.
func writeProvider(b *bytes.Buffer, s *set) {
	if strings.Contains(s.Provider, ".") {
		b.WriteString("provider = " + s.Provider + "\n\n")
	}
}

// value is what a block says of an attribute.
func (r *references) value(e *entry, a *schema.Attribute, fields schema.Fields) string {
	v := fields[0].Value
	switch {
	case a.Own == schema.OwnKeys && fields[0].Path != a.Name:
		keys, items := make([]string, len(fields)), make([]string, len(fields))
		for i, f := range fields {
			keys[i], items[i] = schema.PathKey(f.Path), inner(f.Value)
		}
		return object(keys, items)
	case !refers(a):
		return literal(v)
	case v.Type() == schema.String:
		if reference, ok := r.expression(e, a, v.Text()); ok {
			return reference
		}
		return literal(v)
	case v.Type() == schema.List:
		items := make([]string, len(v.Items()))
		for i, item := range v.Items() {
			reference, ok := r.expression(e, a, item.Text())
			if items[i] = inner(item); ok && item.Type() == schema.String {
				items[i] = reference
			}
		}
		return list(items)
	default:
		return literal(v)
	}
}

// dataBlock is the block that finds an object which is only referred to.
func (r *references) dataBlock(e *entry) string {
	var b bytes.Buffer
	argument := r.sole[e.set].argument(e)
	b.WriteString("data " + quoted(e.set.Source.Name) + " " + quoted(e.name) + " {\n")
	writeProvider(&b, e.set)
	b.WriteString(argument + " = " + literal(e.Value(argument)) + "\n}\n")
	return b.String()
}
