package sandbox

import (
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

var (
	usersQuery      = shape{"locationId": {kind: text, need: true}}
	userSearchQuery = shape{
		"companyId": {kind: text, need: true}, "query": {kind: text}, "skip": {kind: number}, "limit": {kind: number},
		"locationId": {kind: text}, "type": {kind: text}, "role": {kind: text}, "ids": {kind: text},
		"sort": {kind: text}, "sortDirection": {kind: text}, "enabled2waySync": {kind: flag},
	}
)

func (st *store) saveUser(u *user) {
	st.users.set(u.ID, u)
	st.log.put(st.seq, kindUser, u.ID, u)
}

func (s *Server) userView(u *user) object {
	role := u.Role
	if role == "" {
		role = "user"
	}
	return object{
		"id": u.ID, "name": strings.TrimSpace(u.FirstName + " " + u.LastName), "firstName": u.FirstName,
		"lastName": u.LastName, "email": u.Email, "phone": u.Phone, "extension": "", "deleted": false,
		"permissions": object{},
		"roles":       object{"type": "account", "role": role, "locationIds": []string{s.opts.Location}},
	}
}

func (s *Server) listUsers(*call) answer {
	rows := []object{}
	for _, u := range s.store.users.all() {
		rows = append(rows, s.userView(u))
	}
	return ok(object{"users": rows})
}

func (s *Server) getUser(c *call) answer {
	u, known := s.store.users.byID[c.vars["userId"]]
	if !known {
		return badRequest("User not found")
	}
	return ok(s.userView(u))
}

func (s *Server) searchUsers(c *call) answer {
	if c.query.Get("companyId") != s.store.location.CompanyID {
		return unauthorized("The token does not have access to this company.")
	}
	ids := strings.FieldsFunc(c.query.Get("ids"), func(r rune) bool { return r == ',' })
	query, role := strings.ToLower(c.query.Get("query")), c.query.Get("role")
	rows := []object{}
	for _, u := range s.store.users.all() {
		name := strings.ToLower(u.FirstName + " " + u.LastName + " " + u.Email)
		if len(ids) > 0 && !slices.Contains(ids, u.ID) || role != "" && u.Role != role || !strings.Contains(name, query) {
			continue
		}
		rows = append(rows, s.userView(u))
	}
	skip, limit := intQuery(c, "skip", 0), intQuery(c, "limit", defaultUsers)
	total := len(rows)
	rows = rows[min(skip, total):]
	return ok(object{"users": rows[:min(limit, len(rows))], "count": total})
}
