package sandbox

import (
	"net/http"
	"strings"
)

// gate is the gateway in front of the API: it knows the apps, the tokens and the
// limits.
type gate struct {
	location privateToken // of the location
	agency   privateToken // of its agency
	oauth    *oauth
	limit    *limiter
}

// privateToken is the token of a private integration, and what it carries.
type privateToken struct {
	token  string
	scopes map[string]bool // nil: all
}

// apps are the first path segments the real gateway knows. Anything else is a
// 404 without a body.
var apps = map[string]bool{
	"associations": true, "blogs": true, "businesses": true, "calendars": true, "campaigns": true,
	"companies": true, "contacts": true, "conversations": true, "custom-fields": true, "locations": true,
	"oauth": true, "objects": true, "opportunities": true, "snapshots": true, "users": true, "workflows": true,
}

// versions the established paths accept in the Version header.
var versions = map[string]bool{"2021-04-15": true, "2021-07-28": true, "2023-02-21": true, "v3": true}

func knownApps(next handler) handler {
	return func(c *call) *answer {
		app, _, _ := strings.Cut(strings.TrimPrefix(c.path, "/"), "/")
		if !apps[app] {
			return &answer{status: http.StatusNotFound}
		}
		return next(c)
	}
}

// authenticate finds out what the token of a call allows.
func (g *gate) authenticate(next handler) handler {
	return func(c *call) *answer {
		token, bears := strings.CutPrefix(c.header.Get("Authorization"), "Bearer ")
		switch {
		case bears && token == g.location.token:
			c.bearer = bearer{scopes: g.location.scopes, private: true}
			return next(c)
		case bears && token == g.agency.token:
			c.bearer = bearer{scopes: g.agency.scopes, private: true, agency: true}
			return next(c)
		case strings.HasPrefix(token, "pit-"):
			return unauthorized("Invalid Private Integration token")
		}
		t, good := g.oauth.access(token, c.now)
		if !bears || !good {
			return unauthorized("Invalid JWT")
		}
		c.bearer = bearer{granted: t.Scopes, scopes: setOf(t.Scopes), agency: t.User == companyUser}
		return next(c)
	}
}

// setOf is a set of texts; nil stays nil.
func setOf(list []string) map[string]bool {
	if list == nil {
		return nil
	}
	set := make(map[string]bool, len(list))
	for _, s := range list {
		set[s] = true
	}
	return set
}

// unauthorized refuses a call whose token is of the wrong kind, or lacks the
// scope. A private integration counts as a token of its location or agency.
func (c *call) unauthorized() *answer {
	switch {
	case c.route.oauth && c.private, c.agency && !c.route.agency && !c.route.both, c.route.oauth && c.agency != c.route.agency:
		return wrongToken()
	case c.route.agency && !c.agency:
		return agencyOnly()
	}
	if c.scopes != nil && c.route.scope != "" && !c.scopes[c.route.scope] {
		return unauthorized("The token is not authorized for this scope.")
	}
	return nil
}

func version(next handler) handler {
	return func(c *call) *answer {
		version := c.header.Get("Version")
		if version == "" {
			return unauthorized("version header was not found.")
		}
		if !versions[version] {
			return unauthorized("version header is invalid")
		}
		c.v3 = version == "v3"
		return next(c)
	}
}

// limits spends one request of the token's windows.
func (g *gate) limits(next handler) handler {
	return func(c *call) *answer {
		if g.limit.take(c.now) {
			return next(c)
		}
		return &answer{status: http.StatusTooManyRequests, bare: true, body: object{
			"statusCode": 429, "message": "Too Many Requests"}}
	}
}

// sees reports whether the call names the token's location wherever its route
// requires it. A location that is missing is as foreign as a wrong one. An agency
// sees all its locations.
func (c *call) sees(location string) bool {
	if c.agency {
		return true
	}
	if named, inPath := c.vars["locationId"]; inPath {
		return named == location
	}
	if rule, declared := c.route.query["locationId"]; declared {
		named := c.query.Get("locationId")
		return named == location || named == "" && !rule.need
	}
	if rule, declared := c.route.body["locationId"]; declared {
		named, given := c.body["locationId"].(string)
		return named == location || !given && !rule.need
	}
	return true
}
