package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"lockstep/providers/ghl/catalogue"
)

// route declares one operation.
type route struct {
	method  string
	pattern string // a {name} segment takes any value
	scope   string // what the token must carry; "" is any
	query   shape  // nil: no query
	body    shape  // nil: no properties
	v3      bool   // only under Version v3
	agency  bool   // for an agency's token only
	both    bool   // for an agency's token too
	oauth   bool   // for an OAuth token only, and for no private integration
	list    bool   // the body is a list of objects, each with the properties of body
	form    bool   // the body may be a form instead of JSON
	keyed   bool   // a bare call, without any query, is taken for an unauthorized one
	search  bool   // answers from what the searches see, in pages
	bulk    bool   // changes many objects, each with a verdict of its own
	serve   handler
}

// router finds the route of a call and holds the call to what the route says.
type router struct {
	store     *store
	routes    []route
	catalogue []catalogue.Operation
}

// newRouter makes the table of operations of some kinds. The first route that
// fits serves a call, so fixed segments come before names.
func newRouter(st *store, kinds []kind) (*router, error) {
	all, err := catalogue.Operations()
	if err != nil {
		return nil, err
	}
	rt := &router{store: st, catalogue: all}
	for _, k := range kinds {
		rt.routes = append(rt.routes, k.routes()...)
	}
	slices.SortStableFunc(rt.routes, func(a, b route) int {
		return slices.CompareFunc(strings.Split(a.pattern, "/"), strings.Split(b.pattern, "/"), fixedFirst)
	})
	return rt, nil
}

func fixedFirst(a, b string) int {
	aOpen, bOpen := strings.HasPrefix(a, "{"), strings.HasPrefix(b, "{")
	switch {
	case aOpen == bOpen:
		return cmp.Compare(a, b)
	case aOpen:
		return 1
	}
	return -1
}

// routed finds the route of a call for the stages behind it, which may refuse a
// call that has none.
func (rt *router) routed(next handler) handler {
	return func(c *call) *answer {
		c.route, c.vars = rt.find(c.method, c.path)
		return next(c)
	}
}

// find returns the route of a method and a path, or nil, and what the names of its
// pattern stand for.
func (rt *router) find(method, path string) (*route, map[string]string) {
	segments := strings.Split(path, "/")
	for i := range rt.routes {
		if r := &rt.routes[i]; r.method == method {
			if vars, fits := r.match(segments); fits {
				return r, vars
			}
		}
	}
	return nil, nil
}

// missing is the answer to a call without a route: the gateway's 401 for a path
// that no operation has, 404 for a known path with another method, and 501 for an
// operation that exists and is not emulated.
func (rt *router) missing(c *call) *answer {
	segments := strings.Split(c.path, "/")
	for i := range rt.routes {
		if _, fits := rt.routes[i].match(segments); fits {
			return cannot(c)
		}
	}
	if rt.catalogued(c) {
		return notServed(c)
	}
	return unknownRoute()
}

// catalogued reports whether a call is an operation of the catalogue.
func (rt *router) catalogued(c *call) bool {
	return slices.ContainsFunc(rt.catalogue, func(o catalogue.Operation) bool { return o.Is(c.method, c.path) })
}

// match compares the segments of a path with the route's pattern, letter case and
// trailing slash included.
func (r *route) match(path []string) (map[string]string, bool) {
	want := strings.Split(r.pattern, "/")
	if len(want) != len(path) {
		return nil, false
	}
	var vars map[string]string
	for i, segment := range want {
		name, open := strings.CutPrefix(segment, "{")
		if !open {
			if segment != path[i] {
				return nil, false
			}
			continue
		}
		if path[i] == "" {
			return nil, false
		}
		if vars == nil {
			vars = map[string]string{}
		}
		vars[strings.TrimSuffix(name, "}")] = path[i]
	}
	return vars, true
}

// dispatch checks a call against what its route declares, runs it, and makes its
// changes durable before it is answered.
func (rt *router) dispatch(c *call) *answer {
	if refusal := rt.refuse(c); refusal != nil {
		return refusal
	}
	a := c.route.serve(c)
	if err := rt.store.flush(); err != nil {
		return serverError()
	}
	return a
}

func (rt *router) refuse(c *call) *answer {
	if c.route == nil {
		return rt.missing(c)
	}
	if c.route.v3 && !c.v3 {
		return cannot(c)
	}
	if refusal := c.unauthorized(); refusal != nil {
		return refusal
	}
	if c.route.keyed && len(c.query) == 0 {
		return unauthorized("E01 - Unauthorized request")
	}
	if refusal := c.decode(); refusal != nil {
		return refusal
	}
	if !c.sees(rt.store.locationID) {
		return foreignLocation()
	}
	if problems := c.problems(); len(problems) > 0 {
		return unprocessable(problems...)
	}
	return nil
}

func serverError() *answer {
	return &answer{status: http.StatusInternalServerError, body: object{
		"statusCode": 500, "message": "Internal server error"}}
}
