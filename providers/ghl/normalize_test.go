package ghl

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
	"lockstep/schema"
)

func TestNormalize(t *testing.T) {
	s := schema.StringValue
	cases := map[string]struct {
		reason string
		kind   string
		in     schema.Fields
		want   string
	}{
		"e-mail":    {"case and space do not matter", kindContact, texts2fields("email", " Ann@Example.COM "), `[{"email":"ann@example.com"}]`},
		"phone":     {"numbers become E.164", kindContact, texts2fields("phone", "+1 (555) 010-0101"), `[{"phone":"+15550100101"}]`},
		"national":  {"a national number is of the location's country", kindContact, texts2fields("phone", "555-010-0101"), `[{"phone":"+15550100101"}]`},
		"empty":     {"an empty text clears, so it stays", kindContact, texts2fields("email", "", "phone", ""), `[{"email":""} {"phone":""}]`},
		"tags":      {"tags are a set in lower case", kindContact, schema.Fields{{Path: "tags", Value: schema.StringsValue([]string{" VIP", "a", "vip"})}}, `[{"tags":["a","vip"]}]`},
		"birthday":  {"days come in several spellings", kindContact, texts2fields("date_of_birth", "01/31/1990"), `[{"date_of_birth":"1990-01-31"}]`},
		"country":   {"codes are upper case", kindContact, texts2fields("country", "at"), `[{"country":"AT"}]`},
		"due":       {"instants are compared in UTC", kindTask, texts2fields("due_date", "2026-07-20T12:00:00+02:00"), `[{"due_date":"2026-07-20T10:00:00.000Z"}]`},
		"due day":   {"a day is its midnight", kindTask, texts2fields("due_date", "2026-07-20"), `[{"due_date":"2026-07-20T00:00:00.000Z"}]`},
		"note":      {"a text is sent with its formatting", kindNote, texts2fields("body", "<p>Met &amp; ran</p> "), `[{"body":"<p>Met &amp; ran</p> "}]`},
		"lines":     {"and with its ends of lines", kindTask, texts2fields("body", "a\r\nb "), `[{"body":"a\r\nb "}]`},
		"mailto":    {"addresses are copied from links", kindContact, texts2fields("email", "mailto:Ann@example.com"), `[{"email":"ann@example.com"}]`},
		"pasted":    {"characters that take no room come along", kindContact, texts2fields("email", "\ufeffann@\u200bexample.com\u200e"), `[{"email":"ann@example.com"}]`},
		"title":     {"a name is what it looks like", kindTask, texts2fields("title", " Cafe\u0301\u200b "), `[{"title":"Café"}]`},
		"options":   {"options are names", kindCustomField, schema.Fields{{Path: "options", Value: schema.StringsValue([]string{" b", "a "})}}, `[{"options":["b","a"]}]`},
		"channel":   {"the API's spelling of a channel is another", kindContact, texts2fields("dnd_settings.SMS", "Active"), `[{"dnd_settings.sms":"active"}]`},
		"model key": {"a key may have its model in front", kindContact, texts2fields("custom_fields.contact.tier", "gold"), `[{"custom_fields.tier":"gold"}]`},
		"big key":   {"keys are lower case", kindCustomField, texts2fields("field_key", "Contact.Total_KM"), `[{"field_key":"total_km"}]`},
		"tag":       {"tag names are lower case", kindTag, texts2fields("name", " VIP "), `[{"name":"vip"}]`},
		"field key": {"a key is predicted from the name, to be adopted", kindCustomField, texts2fields("data_type", "TEXT", "name", "Total KM (2026)"), `[{"data_type":"TEXT"} {"field_key":"total_km_2026"} {"model":"contact"} {"name":"Total KM (2026)"}]`},
		"own key":   {"a written key loses its prefix", kindCustomField, texts2fields("field_key", "opportunity.km", "model", "opportunity", "name", "KM"), `[{"field_key":"km"} {"model":"opportunity"} {"name":"KM"}]`},
		"number":    {"the field's type decides", kindContact, texts2fields("custom_fields.km", "012.50"), `[{"custom_fields.km":12.5}]`},
		"third":     {"a number field keeps 64 bits", kindContact, schema.Fields{{Path: "custom_fields.km", Value: schema.NumberValue("0.3333333333333333333333333333333333333333")}}, `[{"custom_fields.km":0.3333333333333333}]`},
		"text":      {"a number in a text field is its text", kindContact, schema.Fields{{Path: "custom_fields.tier", Value: schema.NumberValue("5")}}, `[{"custom_fields.tier":"5"}]`},
		"boxes":     {"check boxes have no order", kindContact, schema.Fields{{Path: "custom_fields.shoes", Value: schema.StringsValue([]string{"b", "a"})}}, `[{"custom_fields.shoes":["a","b"]}]`},
		"new field": {"a field that does not exist yet has no type", kindContact, schema.Fields{{Path: "custom_fields.new", Value: schema.NumberValue("5")}}, `[{"custom_fields.new":5}]`},
		"unknown":   {"what is not known yet is left alone", kindContact, schema.Fields{{Path: "email", Value: schema.UnknownValue()}, {Path: "phone", Value: s("+15550100101")}}, `[{"email":(known after apply)} {"phone":"+15550100101"}]`},
	}
	p, _ := openSandboxed(t, sandbox.Options{}, nil)
	p.account.definitions = map[string]*definitions{modelContact: testDefinitions()}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := p.Normalize(t.Context(), tc.kind, tc.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, render(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			again, err := p.Normalize(t.Context(), tc.kind, got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(render(got), render(again)); diff != "" {
				t.Errorf("normalising twice changes it again (-once +twice):\n%s", diff)
			}
		})
	}
}

func TestNormalizeErrors(t *testing.T) {
	cases := map[string]struct {
		reason string
		kind   string
		in     schema.Fields
		want   string
	}{
		"e-mail":       {"no domain", kindContact, texts2fields("email", "ann"), "email"},
		"two e-mails":  {"one attribute, one address", kindContact, texts2fields("email", "ann@example.com,lin@example.com"), "email"},
		"phone":        {"no number", kindContact, texts2fields("phone", "+abc"), "phone"},
		"short phone":  {"too short for the region", kindContact, texts2fields("phone", "12"), "phone"},
		"date":         {"no date", kindContact, texts2fields("date_of_birth", "31.12.90"), "date_of_birth"},
		"tag":          {"an empty tag", kindContact, schema.Fields{{Path: "tags", Value: schema.StringsValue([]string{" "})}}, "tags"},
		"channel":      {"no such channel", kindContact, texts2fields("dnd_settings.pigeon", "active"), "dnd_settings.pigeon"},
		"status":       {"no such status", kindContact, texts2fields("dnd_settings.sms", "on"), "dnd_settings.sms"},
		"option":       {"the server leaves an empty option out", kindCustomField, schema.Fields{{Path: "options", Value: schema.StringsValue([]string{"a", ""})}}, "options"},
		"two channels": {"one channel, two spellings", kindContact, texts2fields("dnd_settings.SMS", "active", "dnd_settings.sms", "inactive"), "dnd_settings.sms"},
		"umlaut key":   {"no server keeps it", kindCustomField, texts2fields("field_key", "größe"), "field_key"},
		"marked key":   {"no server keeps it", kindCustomField, texts2fields("field_key", "key!"), "field_key"},
		"odd key":      {"the server may change underscores in unusual places", kindCustomField, texts2fields("field_key", "__x"), "field_key"},
	}
	p, _ := openSandboxed(t, sandbox.Options{}, nil)
	p.account.definitions = map[string]*definitions{modelContact: testDefinitions()}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := p.Normalize(t.Context(), tc.kind, tc.in)
			var field *providers.FieldError
			if !errors.As(err, &field) {
				t.Fatalf("%s: error %v, want a FieldError", tc.reason, err)
			}
			if field.Path != tc.want || field.Advice == "" {
				t.Errorf("%s: path %q, advice %q", tc.reason, field.Path, field.Advice)
			}
		})
	}
}

func TestNormalizeBeforeConfigure(t *testing.T) {
	p := New()
	n, ok := p.(providers.Normalizer)
	if !ok {
		t.Fatal("the provider does not normalise")
	}
	in := texts2fields("custom_fields.km", "012.50", "email", "ANN@example.com", "phone", "0316 123456")
	got, err := n.Normalize(t.Context(), kindContact, in)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"custom_fields.km":"012.50"} {"email":"ann@example.com"} {"phone":"0316 123456"}]`
	if diff := cmp.Diff(want, render(got)); diff != "" {
		t.Errorf("only what needs no account is spelt (-want +got):\n%s", diff)
	}
}

func BenchmarkNormalize(b *testing.B) {
	p, _ := openSandboxed(b, sandbox.Options{}, nil)
	p.account.definitions = map[string]*definitions{modelContact: testDefinitions()}
	for name, phone := range map[string]string{"american": "+15550100101", "european": "+436641234567", "national": "555-010-0101"} {
		fields := texts2fields("city", "Graz", "country", "at", "custom_fields.km", "12.5", "custom_fields.last_run", "2026-07-01", "custom_fields.tier", "gold",
			"email", "Ann@example.com", "first_name", "Ann", "last_name", "Ode", "phone", phone, "postal_code", "8010", "source", "fair")
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Normalize(b.Context(), kindContact, fields); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
