package config

import (
	"strings"

	"lockstep/schema"
)

// catalog finds what the providers offer.
type catalog []*schema.Provider

// provider finds a provider by its name; nil when there is none.
func (c catalog) provider(name string) *schema.Provider {
	for _, p := range c {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// providerOf finds the provider that a kind or data source belongs to by its
// prefix; nil when there is none.
func (c catalog) providerOf(typ string) *schema.Provider { return c.provider(prefix(typ)) }

// prefix is the name of the provider that a kind or data source begins with.
func prefix(typ string) string {
	name, _, _ := strings.Cut(typ, "_")
	return name
}

// kind finds a kind by its name; nil when there is none.
func (c catalog) kind(name string) *schema.Kind {
	if p := c.providerOf(name); p != nil {
		return p.Kind(name)
	}
	return nil
}

// dataSource finds a data source and the kind that it reads; nil when there is
// none.
func (c catalog) dataSource(name string) (*schema.DataSource, *schema.Kind) {
	p := c.providerOf(name)
	if p == nil {
		return nil, nil
	}
	d := p.DataSource(name)
	if d == nil {
		return nil, nil
	}
	return d, p.Kind(d.Kind)
}

// action finds an action by its name; nil when there is none.
func (c catalog) action(name string) *schema.Action {
	if p := c.providerOf(name); p != nil {
		return p.Action(name)
	}
	return nil
}

// adviceOnAction says what to write instead of an action that there is not.
func (c catalog) adviceOnAction(name string) string {
	var names []string
	for _, p := range c {
		for _, a := range p.Actions {
			names = append(names, a.Name)
		}
	}
	return schema.DidYouMean(name, names)
}

func (c catalog) providerNames() []string {
	names := make([]string, 0, len(c))
	for _, p := range c {
		names = append(names, p.Name)
	}
	return names
}

// kindNames are the names of the kinds, those that can be written only when
// writable is set.
func (c catalog) kindNames(writable bool) []string {
	var names []string
	for _, p := range c {
		for _, k := range p.Kinds {
			if !writable || !k.ReadOnly {
				names = append(names, k.Name)
			}
		}
	}
	return names
}

func (c catalog) dataSourceNames() []string {
	var names []string
	for _, p := range c {
		for _, d := range p.Data {
			names = append(names, d.Name)
		}
	}
	return names
}

// dataBlocksOf says which data blocks read objects of a kind.
func (c catalog) dataBlocksOf(kind *schema.Kind) string {
	var blocks []string
	for _, d := range c.providerOf(kind.Name).Data {
		if d.Kind == kind.Name {
			blocks = append(blocks, `data "`+d.Name+`"`)
		}
	}
	if len(blocks) == 0 {
		return `data "` + kind.Name + `"`
	}
	return strings.Join(blocks, " or ")
}
