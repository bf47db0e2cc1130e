package export

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bomb writes a ZIP of a table with so many bytes of blank lines, which pack to
// nothing.
func bomb(t *testing.T, bytes int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ada.zip")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	w, err := z.Create("cardioActivities.csv")
	if err == nil {
		_, err = fmt.Fprint(w, strings.Join(columnsOfTest, ",")+"\n"+strings.Repeat("\n", bytes))
	}
	if err = errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return name
}

// columnsOfTest are those of an export of the second generation.
var columnsOfTest = []string{"Activity Id", "Date", "Type", "Route Name", "Distance (km)", "Duration", "Average Pace", "Average Speed (km/h)",
	"Calories Burned", "Climb (m)", "Average Heart Rate (bpm)", "Friend's Tagged", "Notes", "GPX File"}

func TestBudget(t *testing.T) {
	const size = 1 << 20
	name := bomb(t, size)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		reason   string
		budget   *Budget
		accounts int
		refused  bool
	}{
		"Run":     {"Exports of people are below what a run may unpack.", NewBudget(), 3, false},
		"Many":    {"Accounts share the budget of a run.", &Budget{base: 2*size + size/2, about: "all"}, 3, true},
		"Two":     {"What fits is read.", &Budget{base: 2*size + size/2, about: "all"}, 2, false},
		"Ratio":   {"Large exports may unpack to more.", &Budget{base: size, ratio: 2 * size / info.Size(), about: "all"}, 3, false},
		"NoRatio": {"Small ones may not.", &Budget{base: size, ratio: 1, about: "all"}, 2, true},
	}
	for label, tc := range tests {
		t.Run(label, func(t *testing.T) {
			var err error
			for range tc.accounts {
				_, err = Open(Anywhere, tc.budget, name)
			}
			var much *BudgetError
			if errors.As(err, &much) != tc.refused || !tc.refused && err != nil {
				t.Errorf("%s\n%v", tc.reason, err)
			}
		})
	}
}

// TestBudgetOfAccount has an account with many exports, all of which are in memory
// together.
func TestBudgetOfAccount(t *testing.T) {
	name := bomb(t, maxTable-1024)
	var names []string
	for range accountTables/maxTable + 1 {
		names = append(names, name)
	}
	_, err := Open(Anywhere, NewBudget(), names...)
	var much *BudgetError
	if !errors.As(err, &much) || !strings.Contains(err.Error(), "the tables of this account unpack to more than 128 MiB") {
		t.Errorf("an account of three large tables: %v", err)
	}
}
