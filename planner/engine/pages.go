package engine

import (
	"net/url"
	"regexp"
	"slices"

	"lockstep/providers"
	"lockstep/schema"
)

var pageAttribute = regexp.MustCompile(`\{[a-z_]+\}`)

// Pages know where people find live objects in a browser.
type Pages struct{ accounts map[string]*account }

// PagesOf returns the pages of an engine's accounts.
func PagesOf(e *Engine) Pages { return Pages{e.accounts} }

// Page returns the address under which people find a live object in a browser; empty
// when none is known.
func (p Pages) Page(provider string, o *schema.Object) string {
	a := p.accounts[provider]
	if a == nil {
		return ""
	}
	paged, ok := a.provider.(providers.Paged)
	kind := a.schema.Kind(o.Kind)
	if !ok || kind == nil || kind.Page == "" || paged.Pages() == "" {
		return ""
	}
	return filledPage(paged.Pages(), kind.Page, o.Value)
}

// filledPage puts attributes in the place of their names; it is empty when one of them
// has no value.
func filledPage(pages, page string, value func(string) schema.Value) string {
	missing := func(name string) bool { return value(name[1:len(name)-1]).Text() == "" }
	if slices.ContainsFunc(pageAttribute.FindAllString(page, -1), missing) {
		return ""
	}
	return pages + pageAttribute.ReplaceAllStringFunc(page, func(name string) string {
		return url.PathEscape(value(name[1 : len(name)-1]).Text())
	})
}
