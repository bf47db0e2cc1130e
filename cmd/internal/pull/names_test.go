package pull

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNames(t *testing.T) {
	cases := map[string]struct {
		reason string
		taken  map[string]bool
		texts  []string
		want   []string
	}{
		"words":      {"anything else than a letter or digit parts words", nil, []string{"Ann O'Hara", "ann@example.com", " - x -- y "}, []string{"ann_ohara", "ann_example_com", "x_y"}},
		"accents":    {"a letter is kept without what stands on it", nil, []string{"Zoë Café", "Zoe\u0308", "Østergaard", "Straße", "ﬁne"}, []string{"zoe_cafe", "zoe", "ostergaard", "strasse", "fine"}},
		"no letters": {"what has no Latin letter is called by the noun", nil, []string{"עברית", "", "東京"}, []string{"contact", "contact_2", "contact_3"}},
		"digits":     {"a name begins with a letter", nil, []string{"+12025550109"}, []string{"contact_12025550109"}},
		"collisions": {"equal names are numbered, past those that have such a number themselves", nil, []string{"Ann", "ann 2", "ANN", "ann"}, []string{"ann", "ann_2", "ann_3", "ann_4"}},
		"taken":      {"the files have names already", map[string]bool{"k.ann": true}, []string{"Ann"}, []string{"ann_2"}},
		"long":       {"an address fits in a line", nil, []string{"one two three four five six seven eight nine ten eleven"}, []string{"one_two_three_four_five_six_seven_eight_nine_ten"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			n := newNames(c.taken)
			var got []string
			for _, text := range c.texts {
				got = append(got, n.give("k.", text, "contact"))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
		})
	}
}
