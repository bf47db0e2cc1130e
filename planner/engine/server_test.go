package engine_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"lockstep/providers"
	"lockstep/schema"
)

// verdict is what the server does with one change.
type verdict int

const (
	obey verdict = iota
	// refuse answers with an error and does nothing.
	refuse
	// loseBefore breaks the connection before it acts, loseAfter after it.
	loseBefore
	loseAfter
)

var (
	errRefused = &providers.APIError{Method: "POST", Path: "/objects", Status: 422, Message: "no", Field: "first_name"}
	errLost    = errors.New("the connection broke")
)

// server is the CRM itself: the objects of all accounts, by id.
type server struct {
	mu      sync.Mutex
	kinds   *schema.Provider
	objects map[string]*stored
	next    int
	now     time.Time
	// calls are all calls in their order, used how many each account made.
	calls []string
	used  map[string]int
	// lagging are objects as lists still show them: nil for one that lists
	// do not show yet.
	lagging map[string]*schema.Object
	// shifted are objects that a whole list leaves out, as rows are that move from a
	// page to one that was read before. They are counted.
	shifted map[string]bool
	// judge decides about every change that is written; nil obeys.
	judge func(op providers.Operation, change providers.Write) verdict
	// enter is called without lock before a call that writes.
	enter func(op providers.Operation)
	// broken makes reads of a kind fail.
	broken map[string]bool
	// unread are contacts whose account cannot be read, by their e-mail.
	unread map[string]error
	// mute does not tell how values are spelt.
	mute bool
}

type stored struct {
	account, kind string
	fields        map[string]schema.Value
	added         string
	version       string
}

func newServer() *server {
	return &server{
		kinds: catalog(), objects: map[string]*stored{}, used: map[string]int{}, lagging: map[string]*schema.Object{},
		broken: map[string]bool{}, now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
	}
}

// tick moves the clock on, and is the time of a write.
func (s *server) tick() string {
	s.now = s.now.Add(time.Second)
	return s.now.Format(time.RFC3339)
}

func (s *server) call(account, what string) {
	s.calls = append(s.calls, what)
	s.used[account]++
}

// add makes an object as somebody else would, and returns its id.
func (s *server) add(kind string, fields map[string]string) string {
	values := map[string]schema.Value{}
	for name, text := range fields {
		values[name] = schema.StringValue(text)
		if name == "tags" {
			values[name] = schema.SetOf(strings.Fields(text))
		}
	}
	return s.insert("main", kind, values)
}

func (s *server) insert(account, kind string, values map[string]schema.Value) string {
	s.next++
	id := fmt.Sprintf("%s-%02d", strings.TrimPrefix(kind, "crm_"), s.next)
	at := s.tick()
	s.objects[id] = &stored{account: account, kind: kind, fields: values, added: at, version: at}
	return id
}

// edit changes a field as somebody else would.
func (s *server) edit(id, path, text string) {
	s.objects[id].fields[path] = schema.StringValue(text)
	s.objects[id].version = s.tick()
}

// remove deletes an object and its children.
func (s *server) remove(id string) {
	delete(s.objects, id)
	maps.DeleteFunc(s.objects, func(_ string, o *stored) bool { return o.fields["contact_id"].Text() == id })
}

// find is the id of the only object with a value in one of its fields.
func (s *server) find(text string) string {
	found := ""
	for id, o := range s.objects {
		for _, v := range o.fields {
			if v.Text() == text && (found == "" || id < found) {
				found = id
			}
		}
	}
	return found
}

func (s *server) object(id string) schema.Object {
	o := s.objects[id]
	out := schema.Object{Kind: o.kind, ID: id, Version: o.version}
	for path, v := range o.fields {
		if !v.IsAbsent() {
			out.Fields = append(out.Fields, schema.Field{Path: path, Value: v})
		}
	}
	if o.kind == "crm_contact" {
		out.Fields = append(out.Fields, schema.Field{Path: "added", Value: schema.StringValue(o.added)},
			schema.Field{Path: "updated", Value: schema.StringValue(o.version)})
	}
	out.Fields.Sort()
	return out
}

// dump lists what is live, one line for each object, parents by their e-mail.
func (s *server) dump() []string {
	var lines []string
	for id, o := range s.objects {
		line := strings.TrimPrefix(o.kind, "crm_")
		if o.account != "main" {
			line += "@" + o.account
		}
		for _, f := range s.object(id).Fields {
			switch {
			case f.Path == "added" || f.Path == "updated" || f.Value.String() == "false":
			case f.Path == "contact_id" || f.Path == "manager_id":
				parent := "nobody"
				if p := s.objects[f.Value.Text()]; p != nil {
					parent = p.fields["email"].Text()
				}
				line += " of " + parent
			case f.Path == "tags":
				line += " [" + strings.Join(f.Value.Strings(), " ") + "]"
			case strings.HasPrefix(f.Path, "custom."):
				line += " " + schema.PathKey(f.Path) + "=" + f.Value.Text()
			default:
				line += " " + f.Value.Text()
			}
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// listed are the objects of a query in the order of their ids, as lists show
// them.
func (s *server) listed(account string, q providers.Query) []schema.Object {
	var out []schema.Object
	for _, id := range s.listedIDs() {
		o := s.objects[id]
		if o == nil {
			o = &stored{account: "main", kind: s.lagging[id].Kind}
		}
		shown := schema.Object{}
		if old, lags := s.lagging[id]; !lags {
			shown = s.object(id)
		} else if old == nil {
			continue
		} else {
			shown = *old
		}
		if o.account != account || o.kind != q.Kind || len(q.Parents) > 0 && !slices.Contains(q.Parents, shown.Value("contact_id").Text()) {
			continue
		}
		if s.shifted[id] && len(q.Where) == 0 && !q.First {
			continue
		}
		fits := true
		for _, w := range q.Where {
			if w.Path == "updated_since" {
				fits = fits && shown.Version >= w.Value.Text()
				continue
			}
			fits = fits && shown.Value(w.Path).Equal(w.Value)
		}
		if fits {
			out = append(out, shown)
		}
	}
	return out
}

// listedIDs are the ids of the objects, and of those that are gone and that lists still
// show.
func (s *server) listedIDs() []string {
	ids := slices.Collect(maps.Keys(s.objects))
	for id, old := range s.lagging {
		if old != nil && s.objects[id] == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (c *crm) List(_ context.Context, q providers.Query) iter.Seq2[providers.Page, error] {
	return func(yield func(providers.Page, error) bool) {
		c.server.mu.Lock()
		all := c.server.listed(c.account, q)
		broken := c.server.broken[q.Kind]
		c.server.mu.Unlock()
		size := max(1, len(all))
		if page := c.schema.Kind(q.Kind).Listing.Page; page > 0 {
			size = page
		}
		for start := 0; start == 0 || start < len(all); start += size {
			c.server.mu.Lock()
			c.server.call(c.account, listName(q))
			c.server.mu.Unlock()
			if broken {
				yield(providers.Page{}, &providers.APIError{Method: "GET", Path: "/" + q.Kind, Status: 500, Message: "out of order"})
				return
			}
			page := providers.Page{Objects: all[start:min(len(all), start+size)], Total: len(all)}
			if !yield(page, nil) || q.First {
				return
			}
		}
	}
}

func listName(q providers.Query) string {
	name := "list " + strings.TrimPrefix(q.Kind, "crm_")
	if len(q.Parents) > 0 {
		name += " of parents"
	}
	if q.First {
		name += " total"
	}
	for _, w := range q.Where {
		name += " by " + w.Path
	}
	return name
}

func (c *crm) Get(_ context.Context, kind string, keys []providers.Key) ([]schema.Object, error) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.server.broken[kind] {
		return nil, &providers.APIError{Method: "GET", Path: "/" + kind, Status: 500, Message: "out of order"}
	}
	var found []schema.Object
	for _, k := range keys {
		if err := c.server.unread[k.Fields.Value("email").Text()]; err != nil {
			return nil, err
		}
		c.server.call(c.account, "get "+strings.TrimPrefix(kind, "crm_"))
		for _, id := range slices.Sorted(maps.Keys(c.server.objects)) {
			o := c.server.objects[id]
			fits := o.kind == kind && o.account == c.account && (k.ID == "" || k.ID == id)
			fits = fits && (k.ID != "" || k.Parent == "" || o.fields["contact_id"].Text() == k.Parent)
			for _, f := range k.Fields {
				fits = fits && o.fields[f.Path].Equal(f.Value)
			}
			if fits {
				found = append(found, c.server.object(id))
			}
		}
	}
	return found, nil
}

// Do makes one call. The changes of one call are judged one by one.
func (c *crm) Do(_ context.Context, op providers.Operation) []providers.Result {
	if c.server.enter != nil {
		c.server.enter(op)
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	name := op.Name
	if c.account != "main" {
		name += "@" + c.account
	}
	c.server.call(c.account, name)
	results := make([]providers.Result, len(op.Writes))
	for i, change := range op.Writes {
		v := obey
		if c.server.judge != nil {
			v = c.server.judge(op, change)
		}
		switch v {
		case refuse:
			results[i] = providers.Result{Outcome: providers.Failed, Err: errRefused}
		case loseBefore:
			results[i] = providers.Result{Outcome: providers.Uncertain, Err: errLost}
		case loseAfter:
			c.server.write(c.account, change)
			results[i] = providers.Result{Outcome: providers.Uncertain, Err: errLost}
		default:
			results[i] = c.server.write(c.account, change)
		}
	}
	return results
}

// write acts on one change.
func (s *server) write(account string, change providers.Write) providers.Result {
	gone := providers.Result{Outcome: providers.Failed, Err: &providers.APIError{Method: "PUT", Path: "/" + change.Kind, Status: 404, Gone: true}}
	if change.Parent != "" && s.objects[change.Parent] == nil && change.Action != providers.Delete {
		return gone
	}
	switch change.Action {
	case providers.Delete:
		s.remove(change.ID)
		return providers.Result{Outcome: providers.Done}
	case providers.Create:
		values := map[string]schema.Value{}
		for _, f := range change.Fields {
			values[f.Path] = f.Value
		}
		return providers.Result{Outcome: providers.Done, Object: s.object(s.insert(account, change.Kind, values))}
	}
	o := s.objects[change.ID]
	if o == nil {
		return gone
	}
	for _, f := range change.Fields {
		o.fields[f.Path] = f.Value
	}
	tags := slices.DeleteFunc(append(o.fields["tags"].Strings(), change.Add...), func(t string) bool { return slices.Contains(change.Remove, t) })
	if change.Channel != "" {
		o.fields["tags"] = schema.SetOf(tags)
	}
	o.version = s.tick()
	return providers.Result{Outcome: providers.Done, Object: s.object(change.ID)}
}
