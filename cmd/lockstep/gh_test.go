package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/itchyny/gojq"
)

// forge is what a fake gh knows of a repository on GitHub. It lies in the file that
// FAKE_GITHUB names, so that a script can write it and look into it.
type forge struct {
	Pulls    []map[string]any `json:"pulls"`    // of the commit that is asked for
	Comments []map[string]any `json:"comments"` // of all pull requests
	Issues   []map[string]any `json:"issues"`
}

// gh stands in for GitHub's own program where scripts run the action. It knows the calls
// of `gh api` that the action makes, and evaluates --jq with the library that gh uses.
// `gh release download` takes files from the folder that FAKE_RELEASE names.
func gh() {
	run := ghAPI
	if len(os.Args) > 1 && os.Args[1] == "release" {
		run = ghRelease
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gh:", err)
		os.Exit(1)
	}
}

func ghRelease(args []string) error {
	if len(args) < 5 || args[1] != "download" || args[3] != "--repo" {
		return fmt.Errorf("unknown command %q", args)
	}
	for i, word := range args {
		if word != "--pattern" {
			continue
		}
		name := args[i+1]
		data, err := os.ReadFile(filepath.Join(os.Getenv("FAKE_RELEASE"), name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ghCall is a parsed `gh api`.
type ghCall struct {
	method, path, jq string
	silent           bool
	fields           map[string]any
}

func ghAPI(args []string) error {
	if os.Getenv("GH_TOKEN") == "" {
		return fmt.Errorf("no token")
	}
	call, err := parseGH(args)
	if err != nil {
		return err
	}
	file := os.Getenv("FAKE_GITHUB")
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var f forge
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	answer, err := f.answer(call)
	if err != nil {
		return err
	}
	if data, err = json.MarshalIndent(f, "", "  "); err != nil {
		return err
	}
	if err := os.WriteFile(file, data, 0o600); err != nil || call.silent {
		return err
	}
	return printJQ(call.jq, answer)
}

func parseGH(args []string) (ghCall, error) {
	c := ghCall{method: "GET", fields: map[string]any{}}
	if len(args) == 0 || args[0] != "api" {
		return c, fmt.Errorf("unknown command %q", args)
	}
	for args = args[1:]; len(args) > 0; args = args[1:] {
		switch word := args[0]; word {
		case "--paginate":
		case "--silent":
			c.silent = true
		case "--method", "--jq", "-f", "-F":
			if len(args) < 2 {
				return c, fmt.Errorf("%s needs a value", word)
			}
			args = args[1:]
			if err := c.flag(word, args[0]); err != nil {
				return c, err
			}
		default:
			c.path, _, _ = strings.Cut(word, "?")
		}
	}
	return c, nil
}

func (c *ghCall) flag(word, value string) error {
	switch word {
	case "--method":
		c.method = value
	case "--jq":
		c.jq = value
	default:
		name, text, _ := strings.Cut(value, "=")
		if file, ok := strings.CutPrefix(text, "@"); ok && word == "-F" {
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			text = string(data)
		}
		c.fields[name] = text
	}
	return nil
}

// answer carries out a call as GitHub's REST API does.
func (f *forge) answer(c ghCall) (any, error) {
	var owner, repo, what string
	parts := strings.SplitN(c.path, "/", 4)
	if len(parts) == 4 && parts[0] == "repos" {
		owner, repo, what = parts[1], parts[2], parts[3]
	}
	if owner+"/"+repo != "club/crm" {
		return nil, fmt.Errorf("%s: Not Found (HTTP 404)", c.path)
	}
	var number int
	switch {
	case c.method == "GET" && strings.HasPrefix(what, "commits/"):
		return f.Pulls, nil
	case c.method == "GET" && strings.HasSuffix(what, "/comments"):
		return f.Comments, nil
	case c.method == "POST" && strings.HasSuffix(what, "/comments"):
		return f.put(&f.Comments, c.fields), nil
	case c.method == "PATCH" && scanned(what, "issues/comments/%d", &number):
		return change(f.Comments, "id", number, c.fields)
	case c.method == "GET" && what == "issues":
		return slices.DeleteFunc(slices.Clone(f.Issues), func(i map[string]any) bool { return i["state"] == "closed" }), nil
	case c.method == "POST" && what == "issues":
		return f.put(&f.Issues, c.fields), nil
	case c.method == "PATCH" && scanned(what, "issues/%d", &number):
		return change(f.Issues, "number", number, c.fields)
	}
	return nil, fmt.Errorf("%s %s: Not Found (HTTP 404)", c.method, c.path)
}

func scanned(text, format string, into *int) bool {
	n, err := fmt.Sscanf(text, format, into)
	return n == 1 && err == nil
}

// put adds what the token's account writes.
func (f *forge) put(list *[]map[string]any, fields map[string]any) map[string]any {
	n := len(f.Comments) + len(f.Issues) + 1
	fields["id"], fields["number"], fields["user"] = n, n, map[string]any{"login": "github-actions[bot]"}
	*list = append(*list, fields)
	return fields
}

func change(list []map[string]any, key string, number int, fields map[string]any) (any, error) {
	for _, item := range list {
		if item[key] != float64(number) {
			continue
		}
		for name, value := range fields {
			item[name] = value
		}
		return item, nil
	}
	return nil, fmt.Errorf("no %s %d: Not Found (HTTP 404)", key, number)
}

// printJQ prints what an expression finds, texts as they are, like gh.
func printJQ(expression string, answer any) error {
	query, err := gojq.Parse(expression)
	if err != nil {
		return err
	}
	code, err := gojq.Compile(query, gojq.WithEnvironLoader(os.Environ))
	if err != nil {
		return err
	}
	data, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	var input any
	if err := json.Unmarshal(data, &input); err != nil {
		return err
	}
	found := code.Run(input)
	for value, more := found.Next(); more; value, more = found.Next() {
		if err, failed := value.(error); failed {
			return err
		}
		if text, ok := value.(string); ok {
			fmt.Println(text)
			continue
		}
		line, err := gojq.Marshal(value)
		if err != nil {
			return err
		}
		fmt.Println(string(line))
	}
	return nil
}
