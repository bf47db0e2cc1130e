package providertest

import (
	"slices"
	"testing"

	"lockstep/providers"
	"lockstep/schema"
)

// Harness is how the suite reaches one provider.
type Harness struct {
	// Open returns a configured provider on an account without objects but those
	// that no call makes. The suite closes it.
	Open func(t *testing.T) providers.Provider
	// Lossy returns a provider like Open's, and a switch: while it is on, the
	// answers to requests are lost after the server has acted. nil skips the
	// test of lost answers.
	Lossy func(t *testing.T) (p providers.Provider, lose func(on bool))
	// Samples are the kinds to be tested; every writable kind needs one that can be
	// read, but those Elsewhere, which the harness of another account has.
	Samples   []Sample
	Elsewhere []string
	// Bulk are sets of which one call writes many.
	Bulk []Bulk
	// Parents are the ids of objects that are there from the beginning, by
	// kind.
	Parents map[string]string
}

// Sample gives values for one kind.
type Sample struct {
	Kind string
	// Create has a value for every writable attribute. A value may be spelt
	// in another way than the provider returns.
	Create schema.Fields
	// Update has another value for every attribute that can change.
	Update schema.Fields
	// Clear are the paths that can be emptied.
	Clear []string
	// Number makes the nth of many distinct objects; nil skips the test of
	// pages.
	Number func(n int) schema.Fields
	// Many is how many objects the test of pages makes: more than two pages.
	Many int
	// Before are samples of kinds, by name, that must exist first. The id of
	// a parent is filled in, and a value such as "@ghl_contact" stands for the
	// id of the object of that kind.
	Before []string
	// Exists is the id of the object when there is always exactly one, which
	// is never made.
	Exists string
	// Unlisted are attributes that cannot be read back, with the reason.
	Unlisted map[string]string
}

// Bulk describes a set that one call writes for many objects.
type Bulk struct {
	Kind, Channel string
	// Members to be added.
	Members []string
	// Missing is the id of an object that never existed.
	Missing string
}

// Run checks the promises of the contract, each in a subtest.
func Run(t *testing.T, h Harness) {
	t.Run("declaration", func(t *testing.T) { testDeclaration(t, h) })
	for _, s := range h.Samples {
		t.Run(s.Kind, func(t *testing.T) {
			t.Run("round trip", func(t *testing.T) { testRoundTrip(t, h, s) })
			t.Run("update", func(t *testing.T) { testUpdate(t, h, s) })
			t.Run("clear", func(t *testing.T) { testClear(t, h, s) })
			t.Run("delete", func(t *testing.T) { testDelete(t, h, s) })
			t.Run("pages", func(t *testing.T) { testPages(t, h, s) })
			t.Run("lost answer", func(t *testing.T) { testLost(t, h, s) })
			t.Run("cancel", func(t *testing.T) { testCancel(t, h, s) })
		})
	}
	for _, b := range h.Bulk {
		t.Run(b.Kind+" "+b.Channel+" in bulk", func(t *testing.T) { testBulk(t, h, b) })
		t.Run(b.Kind+" "+b.Channel+" in bulk, apart", func(t *testing.T) { testBulkApart(t, h, b) })
	}
	t.Run("group", func(t *testing.T) { testGroup(t, h) })
}

// testDeclaration holds the samples against the schema, so that an attribute
// that is declared cannot go untested.
func testDeclaration(t *testing.T, h Harness) {
	p := open(t, h)
	for _, k := range p.Schema().Kinds {
		checkKind(t, k)
		if k.ReadOnly || k.Listing.Blind || slices.Contains(h.Elsewhere, k.Name) {
			continue
		}
		i := slices.IndexFunc(h.Samples, func(s Sample) bool { return s.Kind == k.Name })
		if i < 0 {
			t.Errorf("kind %s has no sample", k.Name)
			continue
		}
		for _, a := range k.Attributes {
			if a.Writable() && a.Name != k.Parent && len(h.Samples[i].Create.Of(a.Name)) == 0 && h.Samples[i].Unlisted[a.Name] == "" {
				t.Errorf("the sample of %s has no value for %s", k.Name, a.Name)
			}
		}
	}
	for _, d := range p.Schema().Data {
		if p.Schema().Kind(d.Kind) == nil {
			t.Errorf("data source %s reads the unknown kind %s", d.Name, d.Kind)
		}
		if d.Doc == "" {
			t.Errorf("data source %s has no documentation", d.Name)
		}
	}
}

func checkKind(t *testing.T, k *schema.Kind) {
	t.Helper()
	if k.Doc == "" || k.Noun == "" || k.Plural == "" {
		t.Errorf("kind %s lacks documentation, noun or plural", k.Name)
	}
	for _, a := range k.Attributes {
		if a.Doc == "" {
			t.Errorf("%s.%s has no documentation", k.Name, a.Name)
		}
		if !a.Required && !a.Optional && !a.Computed {
			t.Errorf("%s.%s is neither required, optional nor computed", k.Name, a.Name)
		}
	}
	for _, key := range k.Keys {
		for _, path := range key {
			if k.Attribute(schema.PathAttribute(path)) == nil {
				t.Errorf("natural key of %s names the unknown attribute %s", k.Name, path)
			}
		}
	}
	for _, path := range k.Content {
		if k.Attribute(path) == nil {
			t.Errorf("content of %s names the unknown attribute %s", k.Name, path)
		}
	}
	if k.Parent != "" && k.Attribute(k.Parent) == nil {
		t.Errorf("parent of %s is the unknown attribute %s", k.Name, k.Parent)
	}
}

// open gives a provider that is closed with the test.
func open(t *testing.T, h Harness) providers.Provider {
	t.Helper()
	p := h.Open(t)
	if closer, ok := p.(providers.Closer); ok {
		t.Cleanup(func() {
			if err := closer.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	return p
}

// sample finds a sample by kind.
func (h Harness) sample(t *testing.T, kind string) Sample {
	t.Helper()
	for _, s := range h.Samples {
		if s.Kind == kind {
			return s
		}
	}
	t.Fatalf("no sample of kind %s", kind)
	return Sample{}
}
