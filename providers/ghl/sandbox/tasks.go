package sandbox

import (
	"slices"
	"sort"
	"strings"
	"time"
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

var (
	updateTaskShape = shape{
		"title": {kind: text}, "body": {kind: text, null: true}, "dueDate": {kind: instant},
		"completed": {kind: flag}, "assignedTo": {kind: text, null: true},
	}
	createTaskShape = updateTaskShape.extend(shape{
		"title": {kind: text, need: true}, "dueDate": {kind: instant, need: true},
		"completed": {kind: flag, need: true},
	})
	completedShape  = shape{"completed": {kind: flag, need: true}}
	taskSearchShape = shape{
		"contactId": {kind: texts}, "completed": {kind: flag}, "assignedTo": {kind: texts},
		"query": {kind: text}, "limit": {kind: number}, "skip": {kind: number}, "businessId": {kind: text},
		"searchAfter": {kind: list, null: true},
	}
)

func (st *store) saveTask(at time.Time, t *task) {
	st.tasks.set(t.ContactID, t.ID, t)
	_, alive := st.contact(t.ContactID)
	st.todo.see(at, t.ID, t, !alive)
	st.log.put(st.seq, kindTask, t.ID, t)
}

func (st *store) dropTask(at time.Time, id string) {
	old, known := st.tasks.byID[id]
	if !known {
		return
	}
	st.tasks.remove(old.ContactID, id)
	st.todo.see(at, id, nil, true)
	st.log.drop(st.seq, kindTask, id)
}

func (t *task) fill(body object) {
	for name, at := range map[string]*string{"title": &t.Title, "body": &t.Body, "assignedTo": &t.AssignedTo} {
		if v, given := body[name]; given {
			*at, _ = v.(string)
		}
	}
	if v, given := body["dueDate"].(string); given {
		due, _ := parseInstant(v)
		t.Due = millis(due)
	}
	if v, given := body["completed"].(bool); given {
		t.Completed = v
	}
}

func (t *task) view() object {
	out := object{"id": t.ID, "title": t.Title, "dueDate": stamp(t.Due), "completed": t.Completed,
		"contactId": t.ContactID}
	if t.Body != "" {
		out["body"] = t.Body
	}
	if t.AssignedTo != "" {
		out["assignedTo"] = t.AssignedTo
	}
	return out
}

// task finds the task a path names, or says what is wrong with the path.
func (s *Server) task(c *call) (*task, answer, bool) {
	if _, known := s.store.contact(c.vars["contactId"]); !known {
		return nil, noContact(c.vars["contactId"]), false
	}
	t, known := s.store.tasks.byID[c.vars["taskId"]]
	if !known || t.ContactID != c.vars["contactId"] {
		return nil, badRequest("The task id is invalid."), false
	}
	return t, answer{}, true
}

func (s *Server) listTasks(c *call) answer {
	if _, known := s.store.contact(c.vars["contactId"]); !known {
		return noContact(c.vars["contactId"])
	}
	rows := []object{}
	for _, t := range s.store.tasks.all(c.vars["contactId"]) {
		rows = append(rows, t.view())
	}
	return ok(object{"tasks": rows})
}

func (s *Server) getTask(c *call) answer {
	t, refusal, known := s.task(c)
	if !known {
		return refusal
	}
	return ok(object{"task": t.view()})
}

func (s *Server) createTask(c *call) answer {
	if _, known := s.store.contact(c.vars["contactId"]); !known {
		return noContact(c.vars["contactId"])
	}
	now := millis(c.now)
	t := &task{ID: s.store.newID(kindTask), ContactID: c.vars["contactId"], Added: now, Updated: now}
	t.fill(c.body)
	s.store.saveTask(c.now, t)
	return created(object{"task": t.view()})
}

// updateTask serves the update of completed as well, which is the same with
// one property.
func (s *Server) updateTask(c *call) answer {
	old, refusal, known := s.task(c)
	if !known {
		return refusal
	}
	updated := *old
	updated.fill(c.body)
	updated.Updated = millis(c.now)
	s.store.saveTask(c.now, &updated)
	return ok(object{"task": updated.view()})
}

func (s *Server) deleteTask(c *call) answer {
	t, refusal, known := s.task(c)
	if !known {
		return refusal
	}
	s.store.dropTask(c.now, t.ID)
	return done()
}

// deleteLocationTask is the undocumented way to delete a task by its id alone.
func (s *Server) deleteLocationTask(c *call) answer {
	if _, known := s.store.tasks.byID[c.vars["taskId"]]; !known {
		return badRequest("The task id is invalid.")
	}
	s.store.dropTask(c.now, c.vars["taskId"])
	return done()
}

// searchTasks lists the tasks of the location by due date. It lags behind
// writes, as contact search does.
func (s *Server) searchTasks(c *call) answer {
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
	s.store.todo.settle(c.now)
	found := s.store.tasksFor(c.body)
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
		rows = append(rows, s.store.taskRow(t))
	}
	return ok(object{"tasks": rows})
}

// tasksFor lists the tasks that pass the filters, sorted by due date and id.
// The sorted list of all of them is kept until the picture changes.
func (st *store) tasksFor(body object) []*task {
	if st.agenda.made == nil || st.agenda.gen != st.todo.gen {
		all := make([]*task, 0, len(st.todo.items))
		for _, t := range st.todo.items {
			all = append(all, t)
		}
		slices.SortFunc(all, compareTasks)
		st.agenda.gen, st.agenda.made = st.todo.gen, all
	}
	contacts, assignees := wanted(body["contactId"]), wanted(body["assignedTo"])
	completed, byState := body["completed"].(bool)
	query, _ := body["query"].(string)
	query = strings.ToLower(query)
	business, _ := body["businessId"].(string)
	if contacts == nil && assignees == nil && !byState && query == "" && business == "" {
		return st.agenda.made
	}
	var out []*task
	for _, t := range st.agenda.made {
		if contacts != nil && !contacts[t.ContactID] || assignees != nil && !assignees[t.AssignedTo] ||
			byState && t.Completed != completed ||
			business != "" && st.contacts[t.ContactID].BusinessID != business ||
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

// taskRow is a task as search answers it: the id is _id and the names of the
// contact are in lower case.
func (st *store) taskRow(t *task) object {
	row := t.view()
	delete(row, "id")
	row["_id"], row["locationId"], row["deleted"] = t.ID, st.location.ID, false
	row["dateAdded"], row["dateUpdated"] = stamp(t.Added), stamp(t.Updated)
	row["status"] = "to_do"
	if t.Completed {
		row["status"] = "completed"
	}
	row["searchAfter"] = []any{t.Due, t.ID}
	if c, known := st.contact(t.ContactID); known {
		row["contactDetails"] = object{
			"firstName": strings.ToLower(c.FirstName), "lastName": strings.ToLower(c.LastName)}
	}
	if u, known := st.users.byID[t.AssignedTo]; known {
		row["assignedToUserDetails"] = object{"id": u.ID, "firstName": u.FirstName, "lastName": u.LastName}
	}
	return row
}
