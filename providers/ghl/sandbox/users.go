package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// user is a member of the staff.
type user struct {
	ID        string `json:"id"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Email     string `json:"email"`
	Phone     string `json:"phone,omitempty"`
	Type      string `json:"type,omitempty"` // account or agency
	Role      string `json:"role,omitempty"` // admin or user
	Language  string `json:"platformLanguage,omitempty"`
	access
	// Leaves is when a delete that is queued takes effect, in milliseconds.
	Leaves int64 `json:"leaves,omitempty"`
}

// access is where a user may go, and what they may do there.
type access struct {
	LocationIDs []string        `json:"locationIds,omitempty"`
	Permissions map[string]bool `json:"permissions,omitempty"`
	Scopes      []string        `json:"scopes,omitempty"`
}

const (
	defaultUsers = 25
	// queue is how long a delete waits; the users API says "a few minutes".
	queue = 3 * time.Minute
)

// users are the staff of the agency: those of the location, and others.
type users struct {
	resource[user]
	l *location
}

func newUsers(l *location) *users {
	us := &users{l: l, resource: resource[user]{
		collection: newCollection[user](l.store, "user"),
		path:       "/users/", scope: "users",
		words:  words{many: "users", unknown: "User not found"},
		shapes: userShapes(),
		own:    func(u *user, id, _ string) { u.ID = id },
	}}
	us.view, us.fill, us.cut = us.staffView, us.write, us.atLocation
	return us
}

func userShapes() shapes {
	need := rule{kind: text, need: true}
	roles := rule{kind: text, one: []string{"admin", "user"}}
	update := shape{
		"firstName": {kind: text}, "lastName": {kind: text}, "password": {kind: text}, "phone": {kind: text}, "type": {kind: text, one: []string{"account", "agency"}},
		"role": roles, "companyId": {kind: text}, "locationIds": {kind: texts}, "permissions": {kind: group}, "scopes": {kind: texts},
		"scopesAssignedToOnly": {kind: texts}, "profilePhoto": {kind: text}, "twilioPhone": {kind: group}, "platformLanguage": {kind: text, one: []string{"en_US", "es", "fr_CA", "fr_FR", "nl", "de", "pt_PT", "pt_BR", "it", "sv", "da", "fi", "no"}},
	}
	roles.need = true
	create := update.extend(shape{
		"companyId": need, "firstName": need, "lastName": need, "email": {kind: email, need: true}, "password": need,
		"type": {kind: text, need: true, one: []string{"account", "agency"}}, "role": roles, "locationIds": {kind: texts, there: true},
	})
	return shapes{list: shape{"locationId": need}, create: create, update: update}
}

func (us *users) routes() []route {
	search := shape{
		"companyId": {kind: text, need: true}, "query": {kind: text}, "skip": {kind: number}, "limit": {kind: number},
		"locationId": {kind: text}, "type": {kind: text}, "role": {kind: text}, "ids": {kind: text},
		"sort": {kind: text}, "sortDirection": {kind: text}, "enabled2waySync": {kind: flag},
	}
	byEmail := shape{
		"companyId": {kind: text, need: true}, "emails": {kind: text, need: true}, "deleted": {kind: flag},
		"skip": {kind: text}, "limit": {kind: text}, "projection": {kind: text},
	}
	reads, _ := us.scopes()
	routes := append(us.resource.routes(), route{
		method: http.MethodGet, pattern: "/users/search", both: true, scope: reads, query: search, keyed: true, serve: us.search}, route{
		method: http.MethodPost, pattern: "/users/search/filter-by-email", agency: true, scope: reads, body: byEmail, serve: us.byEmail})
	for i := range routes {
		// The list of a location is its own; all else an agency's token may do, too.
		list := routes[i].method == http.MethodGet && routes[i].pattern == us.path
		routes[i].both = routes[i].both || !list && !routes[i].agency
		serve := routes[i].serve
		if routes[i].method == http.MethodDelete {
			serve = us.enqueue
		}
		routes[i].serve = func(c *call) *answer {
			us.leave(c.now)
			if id, one := c.vars["id"]; one && !us.reaches(c, id) {
				return badRequest(us.words.unknown)
			}
			return serve(c)
		}
	}
	return routes
}

// reaches reports whether a token sees a user: a location's sees its own.
func (us *users) reaches(c *call, id string) bool {
	u, known := us.byID[id]
	return known && (c.agency || us.isAt(u, us.l.settings.ID))
}

// isAt reports whether a user works at a location. One who came without any is at
// the emulated one.
func (us *users) isAt(u *user, location string) bool {
	return slices.Contains(us.places(u), location)
}

func (us *users) places(u *user) []string {
	if u.LocationIDs == nil {
		return []string{us.l.settings.ID}
	}
	return u.LocationIDs
}

func (us *users) atLocation(_ *call, all []*user) []*user {
	return slices.DeleteFunc(slices.Clone(all), func(u *user) bool { return !us.isAt(u, us.l.settings.ID) })
}

func (us *users) staffView(u *user) object {
	out := object{
		"id": u.ID, "name": strings.TrimSpace(u.FirstName + " " + u.LastName), "firstName": u.FirstName,
		"lastName": u.LastName, "email": u.Email, "phone": u.Phone, "extension": "", "deleted": false,
		"permissions": object{},
		"roles":       object{"type": cmp.Or(u.Type, "account"), "role": cmp.Or(u.Role, "user"), "locationIds": us.places(u)},
	}
	if u.Permissions != nil {
		out["permissions"] = u.Permissions
	}
	if u.Scopes != nil {
		out["scopes"] = u.Scopes
	}
	showTexts(out, map[string]string{"platformLanguage": u.Language})
	return out
}

// write fills a user from a body. Lists and maps of a body replace what there was.
func (us *users) write(c *call, u *user) *answer {
	if company, given := c.body["companyId"]; given && company != us.l.settings.CompanyID {
		return unauthorized("The token does not have access to this company.")
	}
	if !c.agency && c.body["type"] == "agency" {
		return agencyOnly()
	}
	if u.Leaves != 0 {
		return badRequest("The user is being deleted")
	}
	fillTexts(c.body, map[string]*string{"firstName": &u.FirstName, "lastName": &u.LastName, "phone": &u.Phone, "type": &u.Type,
		"role": &u.Role, "platformLanguage": &u.Language})
	if given, has := c.body["email"].(string); has {
		u.Email = given
		for _, other := range us.all() {
			if strings.EqualFold(other.Email, given) {
				return badRequest("User with the email " + given + " already exists")
			}
		}
	}
	if given, has := c.body["locationIds"]; has {
		u.LocationIDs = textsIn(given)
		if refusal := us.place(c, u); refusal != nil {
			return refusal
		}
	}
	if given, has := c.body["scopes"]; has {
		u.Scopes = textsIn(given)
	}
	if given, has := c.body["permissions"].(object); has {
		u.Permissions = map[string]bool{}
		for name, v := range given {
			u.Permissions[name], _ = v.(bool)
		}
	}
	return nil
}

// place refuses a user of no location, and locations that the token does not see.
func (us *users) place(c *call, u *user) *answer {
	switch {
	case len(u.LocationIDs) == 0 && u.Type != "agency":
		return unprocessable("locationIds should not be empty")
	case !c.agency && u.ID == "" && !slices.Equal(u.LocationIDs, []string{us.l.settings.ID}):
		return foreignLocation()
	}
	return nil
}

// textsIn are the texts of a list; none is an empty list, not nil.
func textsIn(list any) []string {
	out := []string{}
	items, _ := list.([]any)
	for _, item := range items {
		s, _ := item.(string)
		out = append(out, s)
	}
	return out
}

// enqueue deletes a user in a while. Until then reads show it as it was.
func (us *users) enqueue(c *call) *answer {
	u := *us.byID[c.vars["id"]]
	if u.Leaves == 0 {
		u.Leaves = millis(c.now.Add(queue))
		us.put(c.now, u.ID, &u)
	}
	return ok(object{"succeded": true, "message": fmt.Sprintf(
		"Queued deleting user with e-mail %s and name %s %s. Will take effect in a few minutes.", u.Email, u.FirstName, u.LastName)})
}

// leave drops the users whose delete is due.
func (us *users) leave(now time.Time) {
	var due []string
	for id, u := range us.all() {
		if u.Leaves != 0 && u.Leaves <= millis(now) {
			due = append(due, id)
		}
	}
	for _, id := range due {
		us.drop(now, id)
	}
}

func (us *users) search(c *call) *answer {
	if c.query.Get("companyId") != us.l.settings.CompanyID {
		return unauthorized("The token does not have access to this company.")
	}
	ids := strings.FieldsFunc(c.query.Get("ids"), func(r rune) bool { return r == ',' })
	query, role, at := strings.ToLower(c.query.Get("query")), c.query.Get("role"), c.query.Get("locationId")
	if !c.agency {
		at = us.l.settings.ID
	}
	var found []*user
	for _, u := range us.all() {
		name := strings.ToLower(u.FirstName + " " + u.LastName + " " + u.Email)
		if len(ids) > 0 && !slices.Contains(ids, u.ID) || role != "" && cmp.Or(u.Role, "user") != role || !strings.Contains(name, query) || at != "" && !us.isAt(u, at) {
			continue
		}
		found = append(found, u)
	}
	return us.page(found, bySkip[user](defaultUsers)(c, found), us.view)
}

// byEmail finds users by their addresses. Only projection=all shows more than an id
// and an address.
func (us *users) byEmail(c *call) *answer {
	if c.body["companyId"] != us.l.settings.CompanyID {
		return unauthorized("The token does not have access to this company.")
	}
	wanted, _ := c.body["emails"].(string)
	var found []*user
	for _, u := range us.all() {
		if slices.ContainsFunc(strings.Split(wanted, ","), func(e string) bool { return strings.EqualFold(strings.TrimSpace(e), u.Email) }) {
			found = append(found, u)
		}
	}
	view := us.view
	if c.body["projection"] != "all" {
		view = func(u *user) object { return object{"id": u.ID, "email": u.Email} }
	}
	c.query = map[string][]string{}
	for _, name := range []string{"skip", "limit"} {
		if v, given := c.body[name].(string); given {
			c.query.Set(name, v)
		}
	}
	return us.page(found, bySkip[user](defaultUsers)(c, found), view)
}

// page answers some of the users who were found.
func (us *users) page(found, some []*user, view func(*user) object) *answer {
	rows := []object{}
	for _, u := range some {
		rows = append(rows, view(u))
	}
	return ok(object{"users": rows, "count": len(found)})
}

func (us *users) member() string { return "users" }

// plant keeps the users of a list. They need not be complete.
func (us *users) plant(raw json.RawMessage, p *planter) error {
	return us.keep(raw, p, func(u *user) *string { return &u.ID })
}

// first returns the id of the user who came first, or "" without users.
func (us *users) first() string {
	for id := range us.all() {
		return id
	}
	return ""
}
