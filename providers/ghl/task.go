package ghl

import (
	"context"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

// taskKind declares tasks of contacts (HighLevel contacts API, tasks;
// locations API, tasks search).
func taskKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindTask, Noun: "task", Plural: "tasks",
			Scopes:   schema.Scopes{Read: []string{"locations/tasks.readonly", "contacts.readonly"}, Write: []string{"contacts.write"}},
			Doc:      "A task of a contact. Tasks have no natural key: one is matched by its title among the tasks of its contact. Another contact replaces the task.",
			Content:  []string{"title"},
			Personal: true,
			Parent:   "contact_id",
			After:    []string{kindContact},
			Listing:  schema.Listing{Page: 100},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "contact_id", Type: cty.String, Required: true, Immutable: true, Refers: kindContact, Doc: "Id of the contact."},
				read: "contactId", form: text},
			{Attribute: schema.Attribute{Name: "title", Type: cty.String, Required: true, Personal: true, Doc: "What is to be done."},
				wire: "title", form: text},
			{Attribute: schema.Attribute{Name: "due_date", Type: cty.String, Required: true, Doc: "When it is due, RFC 3339 or YYYY-MM-DD (midnight UTC)."},
				wire: "dueDate", form: instant},
			{Attribute: schema.Attribute{Name: "completed", Type: cty.Bool, Optional: true, Default: schema.BoolValue(false), Doc: "Whether it is done."},
				wire: "completed", form: boolean, always: false},
			{Attribute: schema.Attribute{Name: "body", Type: cty.String, Optional: true, Personal: true, Doc: "Details."},
				wire: "body", form: text},
			{Attribute: schema.Attribute{Name: "assigned_to", Type: cty.String, Optional: true, Refers: kindUser, Doc: "Id of the user in charge."},
				wire: "assignedTo", form: text},
		},
		list: listing{
			call:  call{method: "POST", path: "/locations/{location}/tasks/search", envelope: "tasks"},
			limit: "limit", id: "_id", parents: 100, query: taskQuery,
		},
		children: call{method: "GET", path: "/contacts/{parent}/tasks", envelope: "tasks"},
		get:      call{method: "GET", path: "/contacts/{parent}/tasks/{id}", envelope: "task"},
		create:   call{method: "POST", path: "/contacts/{parent}/tasks", envelope: "task"},
		update:   call{method: "PUT", path: "/contacts/{parent}/tasks/{id}", envelope: "task"},
		remove:   call{method: "DELETE", path: "/contacts/{parent}/tasks/{id}"},
		version:  "dateUpdated",
		gone:     []string{"task id is invalid", "task with id", "task not found", "contact with id", "contact not found"},
	})
}

// taskQuery selects by contact, state and user. Deleted rows may linger in
// the search and are dropped by the decoder.
func taskQuery(_ context.Context, _ *Provider, q providers.Query, r *request) (keep, error) {
	parents := q.Parents
	if id := q.Where.Value("contact_id").Text(); id != "" {
		parents = []string{id}
	}
	if len(parents) > 0 {
		r.body["contactId"] = parents
	}
	if done := q.Where.Value("completed"); done.Type() == schema.Bool {
		r.body["completed"] = done.Truth()
	}
	if user := q.Where.Value("assigned_to").Text(); user != "" {
		r.body["assignedTo"] = []string{user}
	}
	return nil, nil
}
