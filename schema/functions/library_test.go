package functions_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"lockstep/schema/files"
	"lockstep/schema/functions"
)

// TestNames holds the list of functions, which is part of the language: a name
// may come, but none may go.
func TestNames(t *testing.T) {
	want := `abs abspath alltrue anytrue base64decode base64encode base64sha256 base64sha512 basename can ceil chomp chunklist
coalesce coalescelist compact concat contains csvdecode csvrows dirname distinct element endswith exactly excludes file filebase64
filebase64sha256 filebase64sha512 fileexists filemd5 fileset filesha1 filesha256 filesha512 flatten floor format formatdate
formatlist includes indent index issensitive join jsondecode jsonencode keys length log lookup lower matchkeys max md5 merge min
nonsensitive one parseint pathexpand plantimestamp pow range regex regexall replace reverse sensitive setintersection setproduct
setsubtract setunion sha1 sha256 sha512 signum slice sort split startswith strcontains strrev substr sum templatefile timeadd
timecmp timestamp title tobool tolist tomap tonumber toset tostring transpose trim trimprefix trimspace trimsuffix try upper
urldecode urlencode uuidv5 values yamldecode yamlencode zipmap`
	if diff := cmp.Diff(strings.Fields(want), functions.Names()); diff != "" {
		t.Errorf("Names(): -want, +got:\n%s", diff)
	}
}

func project(t *testing.T, dir string) *files.Project {
	t.Helper()
	p, err := files.OpenProject(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// library makes a library over a few files.
func library(t *testing.T) *functions.Library {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"hello.txt": "Hello", "greet.tmpl": "Hi ${upper(name)}%{ for i in items }, ${i}%{ endfor }",
		"leads.csv": "\ufeffemail,town\r\nann@example.com,Ghent\r\n", "sub/a.yaml": "a: 1\n", "sub/deep/b.yaml": "b: 2\n", "sub/c.txt": "c",
		"gaps.csv": "email,town,fax,\nann@example.com,,,\n,Ghent,,\n", "header.csv": "email,town\n",
		"latin.txt": "tea\ncaf\xe9", "bad.tmpl": "${nope}",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return functions.New(project(t, dir), time.Date(2026, 3, 1, 9, 0, 0, 0, time.FixedZone("CET", 3600)))
}

type functionCase struct {
	// in is an expression, want its value as JSON and fail part of its error.
	in, want, fail string
}

var functionCases = map[string]functionCase{
	"alltrue":              {in: `[alltrue([]), alltrue([true, false]), anytrue([]), anytrue([false, true])]`, want: `[true,false,false,true]`},
	"base64":               {in: `base64decode(base64encode("ä"))`, want: `"ä"`},
	"can":                  {in: `[can(1 + "x"), try(tonumber("x"), 7)]`, want: `[false,7]`},
	"coalesce":             {in: `coalesce("", null, "c")`, want: `"c"`},
	"contains":             {in: `[contains(["a"], "a"), strcontains("abc", "b"), startswith("abc", "ab"), endswith("abc", "ab")]`, want: `[true,true,true,false]`},
	"csvdecode":            {in: `csvdecode(file("leads.csv"))`, want: `[{"email":"ann@example.com","town":"Ghent"}]`},
	"csvrows":              {in: `csvrows("leads.csv")`, want: `[{"email":"ann@example.com","line":2,"town":"Ghent"}]`},
	"csvrows nulls":        {in: `csvrows("gaps.csv", { empty = null })`, want: `[{"email":"ann@example.com","fax":null,"line":2,"town":null},{"email":null,"fax":null,"line":3,"town":"Ghent"}]`},
	"csvrows texts":        {in: `[for r in csvrows("gaps.csv", { empty = "" }) : r.town]`, want: `["","Ghent"]`},
	"csvrows both":         {in: `[csvrows("gaps.csv")[0].town, csvrows("gaps.csv", { empty = null })[0].town]`, want: `["",null]`},
	"csvrows no rows":      {in: `csvrows("header.csv", { empty = null })`, want: `[]`},
	"csvrows bad option":   {in: `csvrows("gaps.csv", { empty = "-" })`, fail: "after the path there are at most the options { empty = null }"},
	"csvrows odd option":   {in: `csvrows("gaps.csv", { nulls = true })`, fail: "after the path there are at most the options { empty = null }"},
	"csvrows bare null":    {in: `csvrows("gaps.csv", null)`, fail: "must not be null"},
	"csvrows two options":  {in: `csvrows("gaps.csv", { empty = null }, { empty = null })`, fail: "after the path there are at most"},
	"csvdecode trailing":   {in: `csvdecode("a,b,,\n1,2,,\n")`, want: `[{"a":"1","b":"2"}]`},
	"csvdecode trailing 2": {in: `csvdecode("a,b,,\n\"1\",2,,\n")`, want: `[{"a":"1","b":"2"}]`},
	"csvdecode unnamed":    {in: `csvdecode("a,b,,\n1,2,,\n1,2,,4\n")`, fail: `line 1: column 4 has no name, and line 3 has "4" in it`},
	"csvdecode unnamed 2":  {in: `csvdecode("a,b,\n\"1\",2,3\n")`, fail: `line 1: column 3 has no name, and line 2 has "3" in it`},
	"csvdecode uneven":     {in: `csvdecode("a,b,\n1,2\n")`, fail: "line 2 has 2 fields, and the header has 3"},
	"csvdecode separators": {in: `csvdecode(",,\n1,2,3\n")`, fail: "line 1: column 1 has no name"},
	"csvdecode text":       {in: `csvdecode("a\n")`, want: `[]`},
	"csvdecode semicolons": {in: `csvdecode("email;name\nann@example.com;Ann\n")`, fail: "semicolons separate the fields; save the file with commas"},
	"csvdecode tabs":       {in: `csvdecode("email\tname\n")`, fail: "tabs separate the fields"},
	"csvdecode one column": {in: `csvdecode("email\na;b\n")`, want: `[{"email":"a;b"}]`},
	"csvdecode old Mac":    {in: `csvdecode("email,name\rann@example.com,Ann\r")`, fail: "the CSV text line 1: carriage returns alone do not end lines; save the file as CSV UTF-8"},
	"csvdecode broken":     {in: `csvdecode("a,b\n1\n")`, fail: "the CSV text line 2 has 1 field, and the header has 2"},
	"file":                 {in: `[file("hello.txt"), filebase64("hello.txt"), fileexists("hello.txt"), fileexists("nope")]`, want: `["Hello","SGVsbG8=",true,false]`},
	"file missing":         {in: `file("nope.txt")`, fail: "there is no file nope.txt"},
	"file folder":          {in: `file("sub")`, fail: "sub cannot be read"},
	"file latin":           {in: `file("latin.txt")`, fail: "latin.txt line 2 is not UTF-8 text; save the file as UTF-8"},
	"filehash":             {in: `[filemd5("hello.txt") == md5("Hello"), filesha256("hello.txt") == sha256("Hello"), filebase64sha512("hello.txt") == base64sha512("Hello")]`, want: `[true,true,true]`},
	"fileset":              {in: `[fileset("sub", "*.yaml"), fileset(".", "**/*.yaml"), fileset("none", "*")]`, want: `[["a.yaml"],["sub/a.yaml","sub/deep/b.yaml"],[]]`},
	"fileset pattern":      {in: `fileset(".", "[")`, fail: "malformed"},
	"flatten":              {in: `flatten([["a"], [["b"]], []])`, want: `["a","b"]`},
	"format":               {in: `format("%s has %05.2f", "ann", 3.14159)`, want: `"ann has 03.14"`},
	"index":                {in: `[index(["a", "b"], "b"), element(["a", "b"], 3)]`, want: `[1,"b"]`},
	"index missing":        {in: `index(["a"], "b")`, fail: "no such value"},
	"json":                 {in: `jsondecode(jsonencode({ a = [1, null, "x"] }))`, want: `{"a":[1,null,"x"]}`},
	"length":               {in: `[length("äb"), length([1, 2]), length({ a = 1 }), length(toset(["a"]))]`, want: `[2,2,1,1]`},
	"length number":        {in: `length(3)`, fail: "a collection or a text is needed"},
	"lookup":               {in: `[lookup({ a = 1 }, "a"), lookup({ a = 1 }, "b", 2), lookup(tomap({ a = "x" }), "b", "y")]`, want: `[1,2,"y"]`},
	"lookup missing":       {in: `lookup({ a = 1 }, "b")`, fail: `no key "b"`},
	"matchkeys":            {in: `matchkeys(["i1", "i2", "i3"], ["x", "y", "x"], ["x"])`, want: `["i1","i3"]`},
	"md5":                  {in: `[md5("a"), sha1("a")]`, want: `["0cc175b9c0f1b6a831c399e269772661","86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"]`},
	"merge":                {in: `merge({ a = 1 }, { b = 2 })`, want: `{"a":1,"b":2}`},
	"one":                  {in: `[one([]), one(["x"])]`, want: `[null,"x"]`},
	"one of two":           {in: `one([1, 2])`, fail: "one at most is expected"},
	"parseint":             {in: `[parseint("ff", 16), abs(-2), ceil(1.2), floor(1.8), max(1, 3), min(1, 3), pow(2, 8), signum(-4), log(8, 2)]`, want: `[255,2,2,1,3,1,256,-1,3]`},
	"range":                {in: `[range(3), chunklist(["a", "b", "c"], 2), reverse([1, 2]), slice(["a", "b", "c"], 1, 2)]`, want: `[[0,1,2],[["a","b"],["c"]],[2,1],["b"]]`},
	"regex":                {in: `[regex("[a-z]+", "53abc"), regexall("[0-9]", "a1b2"), replace("a.b", ".", "-"), replace("a1b2", "/[0-9]/", "#")]`, want: `["abc",["1","2"],"a-b","a#b#"]`},
	"sets":                 {in: `[setunion(["a"], ["b"]), setintersection(["a"], ["a", "b"]), setsubtract(["a", "b"], ["a"]), setproduct(["a"], ["x", "y"])]`, want: `[["a","b"],["a"],["b"],[["a","x"],["a","y"]]]`},
	"sort":                 {in: `[sort(["b", "a"]), distinct(["a", "a"]), compact(["a", ""]), keys({ b = 1, a = 2 }), values({ b = 1, a = 2 })]`, want: `[["a","b"],["a"],["a"],["a","b"],[2,1]]`},
	"sum":                  {in: `sum([1, 2.5, "3"])`, want: `6.5`},
	"sum empty":            {in: `sum([])`, fail: "the list is empty"},
	"templatefile":         {in: `templatefile("greet.tmpl", { name = "ann", items = ["a", "b"] })`, want: `"Hi ANN, a, b"`},
	"templatefile bad":     {in: `templatefile("bad.tmpl", {})`, fail: "bad.tmpl:1"},
	"text":                 {in: `[upper("a"), title("hello world"), trim("?a?", "?"), trimprefix("ab", "a"), trimsuffix("ab", "b"), trimspace(" a "), chomp("a\n"), indent(2, "a\nb"), strrev("ab"), substr("abc", 1, 1), join("-", ["a", "b"]), split(",", "a,b")]`, want: `["A","Hello World","a","b","a","a","a","a\n  b","ba","b","a-b",["a","b"]]`},
	"time":                 {in: `[timestamp(), plantimestamp(), timeadd(timestamp(), "1h"), formatdate("DD MMM YYYY", timestamp()), timecmp(timestamp(), "2026-03-01T08:00:01Z")]`, want: `["2026-03-01T08:00:00Z","2026-03-01T08:00:00Z","2026-03-01T09:00:00Z","01 Mar 2026",-1]`},
	"timecmp wrong":        {in: `timecmp("today", timestamp())`, fail: `"today" is not a time`},
	"to":                   {in: `[tostring(1), tonumber("2"), tobool("true"), tolist(["a"]), toset(["a", "a"]), tomap({ a = 1 })]`, want: `["1",2,true,["a"],["a"],{"a":1}]`},
	"transpose":            {in: `transpose({ a = ["x", "y"], b = ["y"] })`, want: `{"x":["a"],"y":["a","b"]}`},
	"url":                  {in: `[urlencode("a b&c"), urldecode("a+b%26c")]`, want: `["a+b%26c","a b\u0026c"]`},
	"uuidv5":               {in: `uuidv5("dns", "example.com")`, want: `"cfbff0d1-9375-5685-968c-48ce8b15ae17"`},
	"yaml":                 {in: `yamldecode(yamlencode({ a = [1, "x"] }))`, want: `{"a":[1,"x"]}`},
	"zipmap":               {in: `zipmap(["a", "b"], [1, 2])`, want: `{"a":1,"b":2}`},
	"sensitive":            {in: `[issensitive(sensitive("a")), issensitive(nonsensitive(sensitive("a"))), issensitive("a")]`, want: `[true,false,false]`},
	"paths":                {in: `[basename("a/b.txt"), dirname("a/b.txt"), pathexpand("a")]`, want: `["b.txt","a","a"]`},
}

func TestFunctions(t *testing.T) {
	for name, tc := range functionCases {
		t.Run(name, func(t *testing.T) {
			expr, diags := hclsyntax.ParseExpression([]byte(tc.in), "test", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			got, diags := expr.Value(&hcl.EvalContext{Functions: library(t).Functions()})
			if tc.fail != "" {
				if !diags.HasErrors() || !strings.Contains(diags.Error(), tc.fail) {
					t.Errorf("%s: error %v, want %q", tc.in, diags, tc.fail)
				}
				return
			}
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			json, err := stdlib.JSONEncode(got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, json.AsString()); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.in, diff)
			}
		})
	}
}

func TestMarks(t *testing.T) {
	cases := map[string]struct {
		reason, in string
		want       map[any]bool
	}{
		"Exactly":  {reason: "the collection is marked", in: `exactly(["a"])`, want: map[any]bool{functions.Exactly: true}},
		"Concat":   {reason: "the mark goes to the whole", in: `concat(exactly(["a"]), ["b"])`, want: map[any]bool{functions.Exactly: true}},
		"Excludes": {reason: "each member is marked with itself", in: `excludes(["a", "b"])`, want: map[any]bool{functions.Excluded{Name: "a"}: true, functions.Excluded{Name: "b"}: true}},
		"Includes": {reason: "nothing is marked", in: `includes(["a"])`, want: map[any]bool{}},
		"Empty":    {reason: "an empty list has no members to mark", in: `excludes(tolist([]))`, want: map[any]bool{}},
		"Both":     {reason: "sensitive marks stay", in: `excludes(sensitive(["a"]))`, want: map[any]bool{functions.Sensitive: true, functions.Excluded{Name: "a"}: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			expr, diags := hclsyntax.ParseExpression([]byte(tc.in), "test", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			v, diags := expr.Value(&hcl.EvalContext{Functions: library(t).Functions()})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			_, marks := v.UnmarkDeep()
			got := map[any]bool{}
			for mark := range marks {
				got[mark] = true
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	l := library(t)
	texts := map[string]string{
		"Plain": " Ann\t", "Empty": "", "Accents": "\u00c9mile \u0130", "Decomposed": "E\u0301mile", "Spaces": "\u00a0 x\u2003\n",
		"Sharp": "stra\u00dfe", "Sigma": "\u039f\u0394\u039f\u03a3", "Final": "\u0345\u0301", "Invalid": "a\xffb",
	}
	for reason, in := range texts {
		for _, name := range []string{"lower", "upper", "trimspace"} {
			f, plain := l.Functions()[name], functions.Plain(name)
			arg := cty.StringVal(in)
			want, err := f.Call([]cty.Value{arg})
			if err != nil {
				t.Fatal(err)
			}
			if got := cty.NormalizeString(plain(arg.AsString())); got != want.AsString() {
				t.Errorf("%s: %s(%q) = %q as plain Go, and %q in the language", reason, name, in, got, want.AsString())
			}
		}
	}
}

// TestUnquoted reads texts without quotes, which have a way of their own, and
// wants the rows that the CSV library reads.
func TestUnquoted(t *testing.T) {
	for reason, text := range map[string]string{
		"plain": "a,b\n1,2\n3,4\n", "no end of the last line": "a,b\n1,2", "empty cells": "a,b\n,\n1,\n", "blank lines": "\n\na,b\n\n1,2\n\n\n3,4\n\n",
		"Windows": "a,b\r\n1,2\r\n\r\n3,4\r\n", "a return at the end": "a,b\n1,2\r", "only a return": "a,b\n1,2\n\r", "returns within": "a,b\n1\r,\r2\r\r\n",
		"spaces": "a,b\n 1 , 2 \n", "one column": "a\n1\n\n2\n", "no rows": "a,b\n", "a mark": "\ufeffa,b\n1,2\n", "too few": "a,b\n1,2\n3\n", "too many": "a,b\n1,2,3\n",
		"no name at the end": "a,\n1,\n,\n", "a text without a name": "a,\n1,2\n", "one column without a name": ",\n,\n",
	} {
		t.Run(reason, func(t *testing.T) {
			table, err := library(t).Table(text)
			want, wantErr := csvRows(text)
			if (err != nil) != wantErr {
				t.Fatalf("Table(%q): %v, want an error: %t", text, err, wantErr)
			}
			if err == nil {
				if diff := cmp.Diff(want, tableRows(table)); diff != "" {
					t.Errorf("Table(%q): -library, +got:\n%s", text, diff)
				}
			}
		})
	}
}

// csvRows are the rows of a text, each after its line, as the library reads
// them; failed is set where a row has another number of fields than the header,
// or a text in a column at the end that has no name. Those columns are left out.
func csvRows(text string) (rows []string, failed bool) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	header, err := r.Read()
	if err != nil {
		return nil, true
	}
	named := len(header)
	for named > 1 && strings.TrimSpace(header[named-1]) == "" {
		named--
	}
	if strings.TrimSpace(header[named-1]) == "" {
		return nil, true
	}
	for {
		record, err := r.Read()
		if err == io.EOF {
			return rows, false
		}
		if err != nil {
			return nil, true
		}
		if strings.Join(record[named:], "") != "" {
			return nil, true
		}
		line, _ := r.FieldPos(0)
		rows = append(rows, fmt.Sprintf("%d %q", line, record[:named]))
	}
}

func tableRows(t *functions.Table) []string {
	var rows []string
	for i := range t.Len() {
		record := make([]string, len(t.Columns))
		for n, column := range t.Columns {
			record[n], _ = t.Row(i).Text(column)
		}
		rows = append(rows, fmt.Sprintf("%d %q", t.Row(i).Line(), record))
	}
	return rows
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a\n\"x\ny\"\n", "", "a,a\n", "\ufeffa\n1\n", "a,b\n1\n", "a\n\"", "line\n1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if table, err := library(t).Table(text); err == nil {
			want, failed := csvRows(text)
			if diff := cmp.Diff(want, tableRows(table)); failed || diff != "" {
				t.Errorf("Table(%q): the library fails: %t; -library, +got:\n%s", text, failed, diff)
			}
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l := functions.New(project(t, dir), time.Time{})
		expr, diags := hclsyntax.ParseExpression([]byte(`[for r in csvrows("a.csv") : r.line]`), "test", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		v, diags := expr.Value(&hcl.EvalContext{Functions: l.Functions()})
		if diags.HasErrors() {
			return
		}
		last := 0
		for it := v.ElementIterator(); it.Next(); {
			_, line := it.Element()
			n, _ := line.AsBigFloat().Int64()
			if int(n) <= last || int(n) > strings.Count(text, "\n")+1 {
				t.Errorf("line %d after line %d", n, last)
			}
			last = int(n)
		}
	})
}
