package ghl

import "strings"

// appPages is where HighLevel's own web application shows a location. No document of
// the API tells: it is what the address bar of a browser has. An agency with a domain
// of its own sees the same pages there.
const appPages = "https://app.gohighlevel.com/v2/location/"

// Pages returns where people find the pages of the location; empty for an agency, and
// for a location that another server than HighLevel's answers for.
func (p *Provider) Pages() string {
	a := p.account
	if !a.configured() || a.emulated || a.location == "" || a.host != strings.TrimPrefix(defaultBaseURL, "https://") {
		return ""
	}
	return appPages + a.location + "/"
}
