package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// user is a member of the staff.
type user struct {
	ID        string `json:"id"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Email     string `json:"email"`
	Phone     string `json:"phone,omitempty"`
	Role      string `json:"role,omitempty"` // admin or user
}

const defaultUsers = 25

// users are the staff of a location. They come from a seed document.
type users struct {
	resource[user]
	l *location
}

func newUsers(l *location) *users {
	us := &users{l: l, resource: resource[user]{
		collection: newCollection[user](l.store, "user"),
		path:       "/users/", scope: "users",
		words:  words{many: "users", unknown: "User not found"},
		shapes: shapes{list: shape{"locationId": {kind: text, need: true}}},
	}}
	us.view = us.staffView
	return us
}

func (us *users) routes() []route {
	search := shape{
		"companyId": {kind: text, need: true}, "query": {kind: text}, "skip": {kind: number}, "limit": {kind: number},
		"locationId": {kind: text}, "type": {kind: text}, "role": {kind: text}, "ids": {kind: text},
		"sort": {kind: text}, "sortDirection": {kind: text}, "enabled2waySync": {kind: flag},
	}
	reads, _ := us.scopes()
	routes := append(us.resource.routes(), route{
		method: http.MethodGet, pattern: "/users/search", both: true, scope: reads, query: search, keyed: true, serve: us.search})
	for i := range routes { // an agency's token may read a user, too
		routes[i].both = routes[i].both || routes[i].pattern == us.object()
	}
	return routes
}

func (us *users) staffView(u *user) object {
	role := u.Role
	if role == "" {
		role = "user"
	}
	return object{
		"id": u.ID, "name": strings.TrimSpace(u.FirstName + " " + u.LastName), "firstName": u.FirstName,
		"lastName": u.LastName, "email": u.Email, "phone": u.Phone, "extension": "", "deleted": false,
		"permissions": object{},
		"roles":       object{"type": "account", "role": role, "locationIds": []string{us.l.settings.ID}},
	}
}

func (us *users) search(c *call) *answer {
	if c.query.Get("companyId") != us.l.settings.CompanyID {
		return unauthorized("The token does not have access to this company.")
	}
	ids := strings.FieldsFunc(c.query.Get("ids"), func(r rune) bool { return r == ',' })
	query, role := strings.ToLower(c.query.Get("query")), c.query.Get("role")
	var found []*user
	for _, u := range us.all() {
		name := strings.ToLower(u.FirstName + " " + u.LastName + " " + u.Email)
		if len(ids) > 0 && !slices.Contains(ids, u.ID) || role != "" && u.Role != role || !strings.Contains(name, query) {
			continue
		}
		found = append(found, u)
	}
	rows := []object{}
	for _, u := range bySkip[user](defaultUsers)(c, found) {
		rows = append(rows, us.view(u))
	}
	return ok(object{"users": rows, "count": len(found)})
}

func (us *users) member() string { return "users" }

// plant keeps the users of a list, which no call of the sandbox can make.
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
