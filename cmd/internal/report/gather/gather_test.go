package gather

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/cmd/internal/report"
	"lockstep/providers"
	"lockstep/schema"
)

// fake answers from memory and notes what it was asked.
type fake struct {
	kinds   []*schema.Kind
	objects map[string][]schema.Object
	fails   map[string]error
	// unread has for an account the kind that cannot be read of it.
	unread map[string]string
	calls  []string
}

func (f *fake) Schema() *schema.Provider                                   { return &schema.Provider{Kinds: f.kinds} }
func (f *fake) Configure(context.Context, cty.Value) error                 { return nil }
func (f *fake) Group([]providers.Write) []providers.Operation              { return nil }
func (f *fake) Do(context.Context, providers.Operation) []providers.Result { return nil }

func (f *fake) List(_ context.Context, q providers.Query) iter.Seq2[providers.Page, error] {
	return func(yield func(providers.Page, error) bool) {
		kind := f.Schema().Kind(q.Kind)
		call := strings.TrimSpace(fmt.Sprintf("list %s %s", q.Kind, strings.Join(q.Parents, ",")))
		for _, w := range q.Where {
			call += " " + w.Path + "=" + w.Value.String()
		}
		found := slices.DeleteFunc(slices.Clone(f.objects[q.Kind]), func(o schema.Object) bool { return !selected(&o, q) })
		for account, kind := range f.unread {
			is := func(o schema.Object) bool { return o.Value("account").Text() == account }
			if kind != q.Kind || !slices.ContainsFunc(found, is) {
				continue
			}
			if found = slices.DeleteFunc(found, is); !yield(providers.Page{}, &providers.AccountError{Account: account, Err: errors.New("no ZIP file.")}) {
				return
			}
		}
		size := max(kind.Listing.Page, 1)
		if kind.Listing.Page == 0 {
			size = max(len(found), 1)
		}
		for at := 0; at == 0 || at < len(found); at += size {
			f.calls = append(f.calls, call)
			if err := f.fails[q.Kind]; err != nil {
				yield(providers.Page{}, err)
				return
			}
			if !yield(providers.Page{Objects: found[at:min(at+size, len(found))], Total: len(found)}, nil) {
				return
			}
		}
	}
}

// selected reports whether an object answers a query.
func selected(o *schema.Object, q providers.Query) bool {
	if len(q.Parents) > 0 && !slices.Contains(q.Parents, o.Value("contact_id").Text()) {
		return false
	}
	for _, w := range q.Where {
		switch w.Path {
		case "offsets":
		case "custom_fields":
			if userOf(o) != w.Value.Entry(linkField).Text() {
				return false
			}
		default:
			if !o.Value(w.Path).Equal(w.Value) {
				return false
			}
		}
	}
	return true
}

func (f *fake) Get(_ context.Context, kind string, keys []providers.Key) ([]schema.Object, error) {
	var found []schema.Object
	for _, key := range keys {
		f.calls = append(f.calls, "get "+kind+" "+key.ID)
		for _, o := range f.objects[kind] {
			if o.ID == key.ID {
				found = append(found, o)
			}
		}
	}
	return found, nil
}

func object(kind, id string, pairs ...string) schema.Object {
	o := schema.Object{Kind: kind, ID: id}
	for i := 0; i < len(pairs); i += 2 {
		o.Fields = append(o.Fields, schema.Field{Path: pairs[i], Value: schema.StringValue(pairs[i+1])})
	}
	o.Fields.Sort()
	return o
}

// crm has so many contacts, C0 and on, in pages of two. C1 has the user id 11.
func crm(contacts int) *fake {
	f := &fake{objects: map[string][]schema.Object{}, fails: map[string]error{}}
	for _, name := range []string{kindContact, kindLocation, kindField, kindNote, kindTask, kindAppointment} {
		k := &schema.Kind{Name: name, Plural: strings.TrimPrefix(name, "ghl_") + "s"}
		if name == kindContact {
			k.Listing.Page = 2
		}
		f.kinds = append(f.kinds, k)
	}
	for i := range contacts {
		id := fmt.Sprintf("C%d", i)
		c := object(kindContact, id, "email", fmt.Sprintf("p%d@example.com", i))
		if i == 1 {
			c = object(kindContact, id, "email", "p1@example.com", "custom_fields."+linkField, "11")
		}
		f.objects[kindContact] = append(f.objects[kindContact], c)
		f.objects[kindTask] = append(f.objects[kindTask], object(kindTask, "T"+id, "contact_id", id))
		f.objects[kindNote] = append(f.objects[kindNote], object(kindNote, "N"+id, "contact_id", id))
		f.objects[kindAppointment] = append(f.objects[kindAppointment], object(kindAppointment, "A"+id, "contact_id", id))
	}
	f.objects[kindField] = []schema.Object{object(kindField, "F", "field_key", linkField, "model", "contact")}
	f.objects[kindLocation] = []schema.Object{object(kindLocation, "L", "name", "Club", "timezone", "Europe/Vienna")}
	return f
}

// runners have the accounts ann (user id 11), bo (22) and cy (none).
func runners() *fake {
	f := &fake{kinds: []*schema.Kind{{Name: kindAthlete, Plural: "athletes"}, {Name: kindActivity, Plural: "activities"}}, objects: map[string][]schema.Object{}}
	for account, user := range map[string]string{"ann": "11", "bo": "22", "cy": ""} {
		f.objects[kindAthlete] = append(f.objects[kindAthlete], object(kindAthlete, account, "account", account, "user_id", user))
		f.objects[kindActivity] = append(f.objects[kindActivity],
			object(kindActivity, account+"2", "account", account, "start_time", "2026-07-01T08:00:00"), object(kindActivity, account+"1", "account", account, "start_time", "2026-01-01T08:00:00"))
	}
	slices.SortFunc(f.objects[kindAthlete], func(a, b schema.Object) int { return strings.Compare(a.ID, b.ID) })
	return f
}

// describe is who the people are, and how much of them was read.
func describe(f report.Facts) []string {
	var all []string
	for i := range f.People {
		p := &f.People[i]
		who := []string{"-", p.Address}
		if p.Contact != nil {
			who[0] = p.Contact.ID
		}
		for k := range p.Athletes {
			who = append(who, p.Athletes[k].ID)
		}
		all = append(all, fmt.Sprintf("%s: %d %d %d %d", strings.Join(who, " "), len(p.Activities), len(p.Notes), len(p.Tasks), len(p.Appointments)))
	}
	return all
}

func managed(ids ...string) []Contact {
	var all []Contact
	for _, id := range ids {
		all = append(all, Contact{Provider: "ghl", ID: id, Address: "a." + id})
	}
	return all
}

func TestRead(t *testing.T) {
	link := func(id, account string) Link {
		return Link{Contact: Contact{Provider: "ghl", ID: id, Address: "mapping.club"}, Provider: "runkeeper", Account: account}
	}
	cases := map[string]struct {
		reason string
		crm    *fake
		in     Input
		people []string
		calls  []string // about contacts and fields
	}{
		"List": {"when few pages hold many of the wanted, the list is read", crm(4), Input{Contacts: managed("C0", "C1", "C3")},
			[]string{"C0 a.C0: 0 1 1 1", "C1 a.C1 ann: 2 1 1 1", "C3 a.C3: 0 1 1 1", "-  bo: 2 0 0 0", "-  cy: 2 0 0 0"},
			[]string{"list ghl_contact", "list ghl_contact"}},
		"ByID": {"few of many are read by id, and searched by user id", crm(20), Input{Contacts: managed("C7")},
			[]string{"C7 a.C7: 0 1 1 1", "C1  ann: 2 1 1 1", "-  bo: 2 0 0 0", "-  cy: 2 0 0 0"},
			[]string{"list ghl_contact", "get ghl_contact C7", "list ghl_custom_field",
				`list ghl_contact custom_fields={"runkeeper_user_id":"11"}`, `list ghl_contact custom_fields={"runkeeper_user_id":"22"}`}},
		"Nobody": {"without contacts the accounts are the people", crm(0), Input{},
			[]string{"-  ann: 2 0 0 0", "-  bo: 2 0 0 0", "-  cy: 2 0 0 0"}, []string{"list ghl_contact"}},
		"Lagging": {"what the list does not have yet is asked for by id", crm(2), Input{Contacts: managed("C0", "C9")},
			[]string{"C0 a.C0: 0 1 1 1", "C1  ann: 2 1 1 1", "-  bo: 2 0 0 0", "-  cy: 2 0 0 0"}, []string{"list ghl_contact", "get ghl_contact C9"}},
		"Links": {"links win over the custom field, and one contact may have two accounts", crm(3), Input{Contacts: managed("C2"), Links: []Link{link("C2", "cy"), link("C2", "bo"), link("C0", "ann")}},
			[]string{"C2 a.C2 bo cy: 4 1 1 1", "C0 mapping.club ann: 2 1 1 1"}, []string{"list ghl_contact", "list ghl_contact"}},
		"Only": {"children and activities of others are not read", crm(3), Input{Contacts: managed("C0", "C2"), Only: []string{"P2@Example.com", "ann", "cy"}},
			[]string{"C2 a.C2: 0 1 1 1", "C1  ann: 2 1 1 1", "-  cy: 2 0 0 0"}, []string{"list ghl_contact", "list ghl_contact"}},
		"Address": {"an address in the files names a person as well", crm(3), Input{Contacts: managed("C0", "C2"), Only: []string{"a.C0"}},
			[]string{"C0 a.C0: 0 1 1 1"}, []string{"list ghl_contact", "list ghl_contact"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			run := runners()
			tc.in.Providers = map[string]providers.Provider{"ghl": tc.crm, "runkeeper": run}
			got, err := Read(t.Context(), tc.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.people, describe(got)); diff != "" {
				t.Errorf("%s: people with activities, notes, tasks, appointments (-want +got):\n%s", tc.reason, diff)
			}
			calls := slices.DeleteFunc(slices.Clone(tc.crm.calls), func(c string) bool {
				return strings.Contains(c, kindAppointment) || !strings.Contains(c, kindContact) && !strings.Contains(c, kindField)
			})
			if diff := cmp.Diff(tc.calls, calls); diff != "" {
				t.Errorf("%s: calls (-want +got):\n%s", tc.reason, diff)
			}
			if got.Club != "Club" || got.Zone.String() != "Europe/Vienna" {
				t.Errorf("the club is %s in %s", got.Club, got.Zone)
			}
		})
	}
}

// TestUnread goes on with the others when an account cannot be read.
func TestUnread(t *testing.T) {
	run := runners()
	run.unread = map[string]string{"bo": kindAthlete, "ann": kindActivity}
	in := Input{
		Providers: map[string]providers.Provider{"ghl": crm(2), "runkeeper": run}, Contacts: managed("C0"),
		Links: []Link{{Contact: managed("C0")[0], Provider: "runkeeper", Account: "bo"}},
	}
	for _, only := range [][]string{nil, {"bo", "ann", "cy"}} {
		in.Only = only
		got, err := Read(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for i, line := range describe(got) {
			for _, u := range got.People[i].Unread {
				line += fmt.Sprintf(" (%s: %s)", u.Account, u.Err)
			}
			all = append(all, line)
		}
		want := []string{"C0 a.C0: 0 1 1 1 (bo: no ZIP file.)", "C1 : 0 1 1 1 (ann: no ZIP file.)", "-  cy: 2 0 0 0"}
		if diff := cmp.Diff(want, all); diff != "" {
			t.Errorf("Read(...) of %v: -want +got:\n%s", only, diff)
		}
	}
}

func TestErrors(t *testing.T) {
	scope := &providers.APIError{Method: "GET", Path: "/x", Status: 401, Message: "no scope"}
	cases := map[string]struct {
		reason string
		change func(*fake, *Input)
		want   string // of the error; "" when there is no error
		told   string
	}{
		"Location": {"without the permission all is told by UTC", func(f *fake, _ *Input) { f.fails[kindLocation] = scope }, "", "told by UTC, because the location cannot be read"},
		"Zone": {"an unknown zone", func(f *fake, _ *Input) {
			f.objects[kindLocation][0] = object(kindLocation, "L", "timezone", "Mars/Olympus")
		}, "", `the time zone "Mars/Olympus"`},
		"Notes":    {"without notes there is no report", func(f *fake, _ *Input) { f.fails[kindNote] = scope }, "cannot read notes from ghl: GET /x: 401", ""},
		"Broken":   {"another failure is one", func(f *fake, _ *Input) { f.fails[kindLocation] = errors.New("no route") }, "no route", ""},
		"Somebody": {"a slip of the pen", func(_ *fake, in *Input) { in.Only = []string{"p0@example.org"} }, `Did you mean "p0@example.com"?`, ""},
		"Twice": {"two contacts of one user", func(f *fake, _ *Input) {
			f.objects[kindContact][0] = object(kindContact, "C0", "custom_fields."+linkField, "11")
		}, `2 contacts have the custom field runkeeper_user_id of the account "ann": C0, C1.`, ""},
		"Many": {"what takes long is told before", func(f *fake, in *Input) {
			*f = *crm(150)
			for i := range 150 {
				in.Contacts = append(in.Contacts, managed(fmt.Sprintf("C%d", i))...)
			}
		}, "", "contacts take 300 calls. With -contact fewer are read."},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f, told := crm(2), ""
			in := Input{Contacts: managed("C0"), Tell: func(s string) { told += s }}
			tc.change(f, &in)
			in.Providers = map[string]providers.Provider{"ghl": f, "runkeeper": runners()}
			_, err := Read(t.Context(), in)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: Read(...) = %v, want %q", tc.reason, err, tc.want)
			}
			if !strings.Contains(told, tc.told) || tc.told == "" && told != "" {
				t.Errorf("%s: told %q, want %q", tc.reason, told, tc.told)
			}
		})
	}
	var unknown *UnknownPersonError
	_, err := Read(t.Context(), Input{Only: []string{"x"}})
	if !errors.As(err, &unknown) || unknown.Asked != "x" {
		t.Errorf("Read(...) = %v, want an UnknownPersonError", err)
	}
}
