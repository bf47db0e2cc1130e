package ghl

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlainText(t *testing.T) {
	cases := map[string]struct{ reason, in, want string }{
		"formatted":   {"paragraphs are lines", `<p>Met &amp; ran</p><p class="x">again</p> `, "Met & ran\nagain"},
		"link":        {"attributes belong to the formatting", `see <a href="https://example.com" target=_blank>this</a><br/>now`, "see this\nnow"},
		"address":     {"an e-mail address is text", "Forwarded by Ann <ann@example.com>", "Forwarded by Ann <ann@example.com>"},
		"comparison":  {"so is a comparison", "if a<b then c>d", "if a<b then c>d"},
		"type":        {"so is a type", "List<String>", "List<String>"},
		"escaped":     {"what is escaped is text", "&lt;b&gt;", "<b>"},
		"escaped too": {"a server that escapes a plain text says the same", "<p>Forwarded by Ann &lt;ann@example.com&gt;</p>", "Forwarded by Ann <ann@example.com>"},
		"only tags":   {"a text that is only formatting is not empty", "<p></p>", "<p></p>"},
		"windows":     {"ends of lines are not compared", "a\r\nb\rc", "a\nb\nc"},
		"accents":     {"accents have two spellings", "cafe\u0301 <ann@example.com>", "café <ann@example.com>"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, plainText(tc.in)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestRemovable(t *testing.T) {
	if diff := cmp.Diff([]string{"cafe\u0301", "café", "vip"}, removable([]string{"vip", "café"})); diff != "" {
		t.Errorf("a tag is removed in both spellings of its accents (-want +got):\n%s", diff)
	}
}
