package sandbox

import (
	"net/http"
	"strings"
)

// apps are the first path segments the real gateway knows. Anything else is a
// 404 without a body.
var apps = map[string]bool{
	"associations": true, "blogs": true, "businesses": true, "calendars": true, "campaigns": true,
	"companies": true, "contacts": true, "conversations": true, "custom-fields": true, "locations": true,
	"oauth": true, "objects": true, "opportunities": true, "snapshots": true, "users": true, "workflows": true,
}

// versions the established paths accept in the Version header.
var versions = map[string]bool{"2021-04-15": true, "2021-07-28": true, "2023-02-21": true, "v3": true}

func (s *Server) knownApps(next handler) handler {
	return func(c *call) answer {
		app, _, _ := strings.Cut(strings.TrimPrefix(c.path, "/"), "/")
		if !apps[app] {
			return answer{status: http.StatusNotFound}
		}
		return next(c)
	}
}

func (s *Server) token(next handler) handler {
	return func(c *call) answer {
		token, bearer := strings.CutPrefix(c.header.Get("Authorization"), "Bearer ")
		switch {
		case bearer && token == s.opts.Token:
			c.scopes = s.scopes
			return next(c)
		case strings.HasPrefix(token, "pit-"):
			return unauthorized("Invalid Private Integration token")
		}
		t, good := s.access(token, c.now)
		if !bearer || !good {
			return unauthorized("Invalid JWT")
		}
		c.granted, c.scopes, c.agency = t.Scopes, scopeSet(t.Scopes), t.User == companyUser
		return next(c)
	}
}

// authorized refuses a call whose token is of the wrong kind, or lacks the
// scope. A private integration counts as a location's own token.
func (c *call) authorized() (answer, bool) {
	if c.agency != c.route.agency && !c.route.both {
		return wrongToken(), false
	}
	if c.scopes != nil && c.route.scope != "" && !c.scopes[c.route.scope] {
		return unauthorized("The token is not authorized for this scope."), false
	}
	return answer{}, true
}

func (s *Server) version(next handler) handler {
	return func(c *call) answer {
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

// sees reports whether the call names the token's location wherever its route
// says that it must. A location that is missing is as foreign as a wrong one.
func (c *call) sees(location string) bool {
	if named, inPath := c.vars["locationId"]; inPath {
		return named == location
	}
	if rule, declared := c.route.query["locationId"]; declared {
		named := c.query.Get("locationId")
		return named == location || named == "" && !rule.need
	}
	if _, declared := c.route.body["locationId"]; declared {
		named, _ := c.body["locationId"].(string)
		return named == location
	}
	return true
}
