package ghl

import (
	"context"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

const kindTask = "ghl_task"

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
			Page:     "contacts/detail/{contact_id}",
			Listing:  schema.Listing{Page: 100},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "contact_id", Type: cty.String, Required: true, Immutable: true, Refers: kindContact, Doc: "Id of the contact."},
				read: "contactId", form: text},
			{Attribute: schema.Attribute{Name: "title", Type: cty.String, Required: true, Personal: true, Doc: "What is to be done."},
				wire: "title", form: name},
			{Attribute: schema.Attribute{Name: "due_date", Type: cty.String, Required: true, Doc: "When it is due, RFC 3339 or YYYY-MM-DD (midnight UTC)."},
				wire: "dueDate", form: instant},
			{Attribute: schema.Attribute{Name: "completed", Type: cty.Bool, Optional: true, Default: schema.BoolValue(false), Doc: "Whether it is done."},
				wire: "completed", form: boolean, always: false,
				alone: call{method: "PUT", path: "/contacts/{parent}/tasks/{id}/completed", envelope: "task"}},
			{Attribute: schema.Attribute{Name: "body", Type: cty.String, Optional: true, Personal: true, Doc: "Details. Formatting is not compared."},
				wire: "body", form: richText},
			{Attribute: schema.Attribute{Name: "assigned_to", Type: cty.String, Optional: true, Refers: kindUser, Doc: "Id of the user in charge."},
				wire: "assignedTo", form: text},
		},
		data: []*schema.DataSource{
			{Name: "ghl_tasks", Kind: kindTask, Many: "tasks", Doc: "Tasks that meet every argument.",
				Arguments: []schema.Attribute{
					argument("contact_id", cty.String, "Id of the contact."),
					argument("completed", cty.Bool, "Whether the tasks are done."),
					argument("assigned_to", cty.String, "Id of the user in charge."),
				}},
		},
		list: listing{
			call: call{method: "POST", path: "/locations/{location}/tasks/search", envelope: "tasks"},
			page: paging{limit: "limit", skip: "skip", after: []cursor{keyset("searchAfter", "searchAfter")}},
			id:   "_id", parents: 100, query: taskQuery,
		},
		children: call{method: "GET", path: "/contacts/{parent}/tasks", envelope: "tasks"},
		get:      call{method: "GET", path: "/contacts/{parent}/tasks/{id}", envelope: "task"},
		create:   call{method: "POST", path: "/contacts/{parent}/tasks", envelope: "task"},
		update:   call{method: "PUT", path: "/contacts/{parent}/tasks/{id}", envelope: "task"},
		remove:   call{method: "DELETE", path: "/contacts/{parent}/tasks/{id}"},
		answers:  answers{version: "dateUpdated", gone: []string{"task id is invalid", "task with id", "task not found", "contact with id", "contact not found"}},
	})
}

// taskQuery selects by contact, state and user. Deleted rows may linger in
// the search and are dropped by the decoder.
func taskQuery(_ context.Context, _ *account, q providers.Query, r *request) (keep, error) {
	parents := q.Parents
	if id := q.Where.Value("contact_id").Text(); id != "" {
		parents = []string{id}
	}
	if len(parents) > 0 {
		r.setBody("contactId", parents)
	}
	if done := q.Where.Value("completed"); done.Type() == schema.Bool {
		r.setBody("completed", done.Truth())
	}
	if user := q.Where.Value("assigned_to").Text(); user != "" {
		r.setBody("assignedTo", []string{user})
	}
	return nil, nil
}
