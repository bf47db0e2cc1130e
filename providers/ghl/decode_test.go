package ghl

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

// testDefinitions are custom fields of several types.
func testDefinitions() *definitions {
	var objects []schema.Object
	for id, f := range map[string][2]string{
		"F1": {"tier", "TEXT"}, "F2": {"km", "NUMERICAL"}, "F3": {"shoes", "CHECKBOX"}, "F4": {"last_run", "DATE"}, "F5": {"boxes", "TEXTBOX_LIST"},
		"F6": {"scan", "FILE_UPLOAD"},
	} {
		objects = append(objects, schema.Object{ID: id, Fields: texts2fields("data_type", f[1], "field_key", f[0], "model", "contact")})
	}
	return newDefinitions(objects)[modelContact]
}

// searchRow is a row as POST /contacts/search answers it.
func searchRow(n int) string {
	return fmt.Sprintf(`{"id":"CON%017d","phoneLabel":null,"country":"US","address":"%d Main Street","source":null,"type":"lead","locationId":"LOCa1b2c3d4e5f6g7h8i",`+
		`"website":null,"dnd":false,"state":"Styria","businessName":null,"customFields":[{"id":"F1","value":"gold"},{"id":"F2","value":%d.50},{"id":"F4","value":1784272317939}],`+
		`"tags":["VIP","runner "],"dateAdded":"2026-07-17T07:11:54.324Z","additionalEmails":[],"phone":"+1555%07d","companyName":null,"additionalPhones":[{"phone":"+15550100009"}],`+
		`"dateUpdated":"2026-07-17T07:11:57.939Z","city":"Graz","dateOfBirth":631152000000,"firstNameLowerCase":"ann","lastNameLowerCase":"ode","firstName":"Ann","lastName":"Ode",`+
		`"contactName":"ann ode","email":"Person%d@Example.com","assignedTo":null,"followers":[],"validEmail":null,"dndSettings":{},`+
		`"opportunities":[{"pipelineId":"PIPa1b2c3d4e5f6g7h8i","id":"OPPa1b2c3d4e5f6g7h8i","monetaryValue":4549,"pipelineStageId":"11111111-2222-4333-8444-555555555555","status":"open"}],`+
		`"postalCode":"8010","businessId":null,"searchAfter":[1784272317939,"CON%017d"],"timezone":null,"inboundDndSettings":{},"attributionSource":{},"lastAttributionSource":{}}`,
		n, n%900, n, n, n, n)
}

func searchPage(from, rows int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"contacts":[`)
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(searchRow(from + i))
	}
	b.WriteString(`],"total":100000,"traceId":"00000000-1111-4222-8333-444444444444"}`)
	return b.Bytes()
}

func TestDecodeList(t *testing.T) {
	d := newDecoder(contactKind(), testDefinitions(), &contactKind().list, nil)
	got, err := d.list(searchPage(7, 2), "contacts")
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"additional_phones":["+15550100009"]} {"address":"7 Main Street"} {"city":"Graz"} {"country":"US"} {"custom_fields.km":7.5} ` +
		`{"custom_fields.last_run":"2026-07-17"} {"custom_fields.tier":"gold"} {"date_added":"2026-07-17T07:11:54.324Z"} {"date_of_birth":"1990-01-01"} ` +
		`{"date_updated":"2026-07-17T07:11:57.939Z"} {"dnd":false} {"email":"person7@example.com"} {"first_name":"Ann"} {"last_name":"Ode"} {"phone":"+15550000007"} ` +
		`{"postal_code":"8010"} {"state":"Styria"} {"tags":["runner","vip"]} {"type":"lead"}]`
	if diff := cmp.Diff(want, render(got.rows[0].object.Fields)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got.total != 100000 || len(got.rows) != 2 || string(got.last) != searchRow(8) {
		t.Errorf("total %d, %d rows, the last is %s", got.total, len(got.rows), got.last)
	}
	if got.rows[0].object.Version != "2026-07-17T07:11:57.939Z" {
		t.Errorf("version %q", got.rows[0].object.Version)
	}
}

func render(fields schema.Fields) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = fmt.Sprintf("{%q:%s}", f.Path, f.Value)
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func TestDecodeListErrors(t *testing.T) {
	cases := map[string]struct{ reason, in string }{
		"cut off":       {"an answer that ends early must not look like a short page", `{"contacts":[{"id":"A"}`},
		"no list":       {"an answer without its list is not an empty list", `{"total":0}`},
		"not a list":    {"an object is not a list", `{"contacts":{}}`},
		"not an object": {"an array is no answer", `[]`},
		"nothing":       {"an empty body is no answer", ``},
		"bad row":       {"a row is an object", `{"contacts":[1]}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got, err := newDecoder(contactKind(), nil, &contactKind().list, nil).list([]byte(tc.in), "contacts"); err == nil {
				t.Errorf("%s: read %+v", tc.reason, got)
			}
		})
	}
}

func TestDecodeCustom(t *testing.T) {
	cases := map[string]struct {
		reason, in, want string
	}{
		"number as text": {"the API answers numbers either way", `[{"id":"F2","value":"12.50"}]`, `[{"custom_fields.km":12.5}]`},
		"set":            {"check boxes have no order", `[{"id":"F3","value":["b","a"]}]`, `[{"custom_fields.shoes":["a","b"]}]`},
		"set of one":     {"a single option may come bare", `[{"id":"F3","value":"a"}]`, `[{"custom_fields.shoes":["a"]}]`},
		"date":           {"dates come in several forms", `[{"id":"F4","value":"2026-07-17T00:00:00.000Z"}]`, `[{"custom_fields.last_run":"2026-07-17"}]`},
		"null":           {"null is no value", `[{"id":"F1","value":null},{"id":"F3","value":[]}]`, `[]`},
		"empty":          {"an empty text is no value", `[{"id":"F1","value":""}]`, `[]`},
		"other spelling": {"some answers say fieldValue", `[{"id":"F1","fieldValue":"gold"}]`, `[{"custom_fields.tier":"gold"}]`},
		"boxes":          {"objects stay objects", `[{"id":"F5","value":{"a":"1"}}]`, `[{"custom_fields.boxes":{"a":"1"}}]`},
		"escapes":        {"escapes are resolved", `[{"id":"F1","value":"a\"\u00e9"}]`, `[{"custom_fields.tier":"a\"é"}]`},
		"order":          {"fields are sorted by path, not by id", `[{"id":"F1","value":"x"},{"id":"F2","value":1}]`, `[{"custom_fields.km":1} {"custom_fields.tier":"x"}]`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			d := newDecoder(contactKind(), testDefinitions(), nil, nil)
			r, _, err := d.one([]byte(`{"contact":{"id":"A","customFields":`+tc.in+`}}`), "contact")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, render(r.object.Fields)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func FuzzDecodeList(f *testing.F) {
	f.Add(searchPage(0, 2))
	f.Add([]byte(`{"contacts":[{"id":1,"tags":{},"customFields":[[]],"email":{"a":[]},"dndSettings":[],"dateOfBirth":1e400}],"total":-5}`))
	f.Add([]byte(`{"contacts":null}`))
	defs := testDefinitions()
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := newDecoder(contactKind(), defs, &contactKind().list, nil).list(body, "contacts")
		if err != nil {
			return
		}
		for _, r := range got.rows {
			checkSorted(t, r.object.Fields)
		}
	})
}

// checkSorted holds fields against the promise that others search by.
func checkSorted(t *testing.T, fields schema.Fields) {
	t.Helper()
	for i := 1; i < len(fields); i++ {
		if fields[i-1].Path >= fields[i].Path {
			t.Fatalf("field %q before %q", fields[i-1].Path, fields[i].Path)
		}
	}
}

func BenchmarkDecodeContacts(b *testing.B) {
	page := searchPage(0, 500)
	for name, wanted := range map[string][]string{
		"all":  nil,
		"some": {"email", "phone", "first_name", "last_name", "tags", "custom_fields"},
	} {
		b.Run(name, func(b *testing.B) {
			d := newDecoder(contactKind(), testDefinitions(), &contactKind().list, wanted)
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.list(page, "contacts"); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/500, "µs/contact")
		})
	}
}
