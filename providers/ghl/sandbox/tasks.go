package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"sort"
	"strings"
)

// task is a task of a contact.
type task struct {
	ID         string `json:"id"`
	ContactID  string `json:"contactId"`
	Title      string `json:"title"`
	Body       string `json:"body,omitempty"`
	AssignedTo string `json:"assignedTo,omitempty"`
	Due        int64  `json:"dueDate"`
	Completed  bool   `json:"completed"`
	Added      int64  `json:"dateAdded"`
	Updated    int64  `json:"dateUpdated"`
}

// The limits of task search.
const (
	defaultTasks = 25
	maxTasks     = 1000
)

// tasks are the tasks of all contacts, which a search lists by due date.
type tasks struct {
	resource[task]
	l      *location
	agenda agenda
}

func newTasks(l *location) *tasks {
	update := shape{
		"title": {kind: text}, "body": {kind: text, null: true}, "dueDate": {kind: instant},
		"completed": {kind: flag}, "assignedTo": {kind: text, null: true},
	}
	ts := &tasks{l: l, resource: resource[task]{
		collection: newCollection[task](l.store, "task"),
		path:       "/contacts/{contactId}/tasks", scope: "contacts",
		words: words{one: "task", many: "tasks", unknown: "The task id is invalid.", deleted: bothSpellings},
		shapes: shapes{update: update, create: update.extend(shape{
			"title": {kind: text, need: true}, "dueDate": {kind: instant, need: true},
			"completed": {kind: flag, need: true},
		})},
		owner: l.people.inPath,
		own:   func(t *task, id, contact string) { t.ID, t.ContactID = id, contact },
		fill:  fillTask,
		view:  (*task).view,
	}}
	ts.searched()
	ts.parent = func(t *task) string { return t.ContactID }
	ts.hidden = func(t *task) bool { // in logs that kept the tasks of deleted contacts
		_, alive := l.people.alive(t.ContactID)
		return !alive
	}
	l.people.owns(belonging{member: "tasks", plant: ts.plantOf, drop: ts.dropOf})
	return ts
}

func (ts *tasks) routes() []route {
	_, writes := ts.scopes()
	search := shape{
		"contactId": {kind: texts}, "completed": {kind: flag}, "assignedTo": {kind: texts},
		"query": {kind: text}, "limit": {kind: number}, "skip": {kind: number}, "businessId": {kind: text},
		"searchAfter": {kind: list, null: true},
	}
	const ofLocation = "/locations/{locationId}/tasks"
	return append(ts.resource.routes(),
		route{method: http.MethodPut, pattern: ts.object() + "/completed", scope: writes,
			body: shape{"completed": {kind: flag, need: true}}, serve: ts.update},
		route{method: http.MethodPost, pattern: ofLocation + "/search", scope: "locations/tasks.readonly", body: search,
			search: true, serve: ts.search},
		route{method: http.MethodDelete, pattern: ofLocation + "/{id}", scope: writes, serve: ts.removeByID})
}

func fillTask(c *call, t *task) *answer {
	fillTexts(c.body, map[string]*string{"title": &t.Title, "body": &t.Body, "assignedTo": &t.AssignedTo})
	if v, given := c.body["dueDate"].(string); given {
		due, _ := parseInstant(v)
		t.Due = millis(due)
	}
	if v, given := c.body["completed"].(bool); given {
		t.Completed = v
	}
	t.Updated = millis(c.now)
	if t.ID == "" {
		t.Added = t.Updated
	}
	return nil
}

func (t *task) view() object {
	out := object{"id": t.ID, "title": t.Title, "dueDate": stamp(t.Due), "completed": t.Completed,
		"contactId": t.ContactID}
	showTexts(out, map[string]string{"body": t.Body, "assignedTo": t.AssignedTo})
	return out
}

// plantOf makes the tasks of a contact, which are open unless they say otherwise.
func (ts *tasks) plantOf(contact string, raw json.RawMessage, p *planter) error {
	var bodies []object
	if err := json.Unmarshal(raw, &bodies); err != nil {
		return err
	}
	for _, body := range bodies {
		if _, given := body["completed"]; !given {
			body["completed"] = false
		}
		if _, err := p.post(ts.kind, strings.ReplaceAll(ts.path, "{contactId}", contact), body); err != nil {
			return err
		}
	}
	return nil
}

// removeByID is the undocumented way to delete a task by its id alone.
func (ts *tasks) removeByID(c *call) *answer {
	if _, known := ts.byID[c.vars["id"]]; !known {
		return badRequest(ts.words.unknown)
	}
	ts.drop(c.now, c.vars["id"])
	return done()
}

// search lists the tasks of the location by due date. It lags behind
// writes, as contact search does.
func (ts *tasks) search(c *call) *answer {
	limit, skip := defaultTasks, 0
	if n, given := c.body["limit"].(float64); given {
		limit = int(n)
	}
	if n, given := c.body["skip"].(float64); given {
		skip = int(n)
	}
	if limit < 1 || limit > maxTasks || skip < 0 {
		return badRequest("limit must be between 1 and 1000 and skip must not be negative")
	}
	ts.seen.settle(c.now)
	found := ts.matching(c.body)
	if after, given := c.body["searchAfter"].([]any); given && len(after) == 2 {
		due, _ := after[0].(float64)
		id, _ := after[1].(string)
		skip += sort.Search(len(found), func(i int) bool {
			return compareTasks(found[i], &task{Due: int64(due), ID: id}) > 0
		})
	}
	found = found[min(c.begin(skip), len(found)):]
	rows := []object{}
	for _, t := range found[:min(limit, len(found))] {
		rows = append(rows, ts.row(t))
	}
	return ok(object{"tasks": rows})
}

// matching lists the tasks that pass the filters, sorted by due date and id.
// The sorted list of all of them is kept until the picture changes.
func (ts *tasks) matching(body object) []*task {
	if ts.agenda.made == nil || ts.agenda.gen != ts.seen.gen {
		all := make([]*task, 0, len(ts.seen.items))
		for _, t := range ts.seen.items {
			all = append(all, t)
		}
		slices.SortFunc(all, compareTasks)
		ts.agenda.gen, ts.agenda.made = ts.seen.gen, all
	}
	contacts, assignees := wanted(body["contactId"]), wanted(body["assignedTo"])
	completed, byState := body["completed"].(bool)
	query, _ := body["query"].(string)
	query = strings.ToLower(query)
	business, _ := body["businessId"].(string)
	if contacts == nil && assignees == nil && !byState && query == "" && business == "" {
		return ts.agenda.made
	}
	var out []*task
	for _, t := range ts.agenda.made {
		if contacts != nil && !contacts[t.ContactID] || assignees != nil && !assignees[t.AssignedTo] ||
			byState && t.Completed != completed ||
			business != "" && ts.l.people.byID[t.ContactID].BusinessID != business ||
			!strings.Contains(strings.ToLower(t.Title+" "+t.Body), query) {
			continue
		}
		out = append(out, t)
	}
	return out
}

// agenda is the sorted list of all tasks of one generation of the picture.
type agenda struct {
	gen  uint64
	made []*task
}

func compareTasks(a, b *task) int {
	if a.Due != b.Due {
		if a.Due < b.Due {
			return -1
		}
		return 1
	}
	return strings.Compare(a.ID, b.ID)
}

// wanted is the set of ids a filter names; nil when there is no filter.
func wanted(v any) map[string]bool {
	list, _ := v.([]any)
	if len(list) == 0 {
		return nil
	}
	out := make(map[string]bool, len(list))
	for _, s := range strs(list) {
		out[s] = true
	}
	return out
}

// row is a task as search answers it: the id is _id and the names of the
// contact are in lower case.
func (ts *tasks) row(t *task) object {
	row := t.view()
	delete(row, "id")
	row["_id"], row["locationId"], row["deleted"] = t.ID, ts.l.settings.ID, false
	row["dateAdded"], row["dateUpdated"] = stamp(t.Added), stamp(t.Updated)
	row["status"] = "to_do"
	if t.Completed {
		row["status"] = "completed"
	}
	row["searchAfter"] = []any{t.Due, t.ID}
	if c, known := ts.l.people.alive(t.ContactID); known {
		row["contactDetails"] = object{
			"firstName": strings.ToLower(c.FirstName), "lastName": strings.ToLower(c.LastName)}
	}
	if u, known := ts.l.users.byID[t.AssignedTo]; known {
		row["assignedToUserDetails"] = object{"id": u.ID, "firstName": u.FirstName, "lastName": u.LastName}
	}
	return row
}
