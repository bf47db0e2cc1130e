package config

import (
	"strings"

	"lockstep/schema/hcljson"
)

// jsonEnding is how the names of files in HCL's JSON syntax end.
const jsonEnding = ".json"

// withoutJSON is the name that a file would have in the native syntax.
func withoutJSON(name string) string { return strings.TrimSuffix(name, jsonEnding) }

// jsonBlocks says how a file in JSON is read. What it reads is checked like any other
// file, so that it only tells blocks from attributes and words from texts.
func jsonBlocks(name string) hcljson.Block {
	switch name := withoutJSON(name); {
	case strings.HasSuffix(name, testEnding):
		return hcljson.Block{Blocks: testJSON()}
	case strings.HasSuffix(name, ".hcl") && !strings.HasSuffix(name, varsEnding):
		return hcljson.Block{Blocks: moduleJSON()}
	default:
		return hcljson.Block{Literal: true}
	}
}

// jsonTypes are types of blocks by name.
type jsonTypes = map[string]hcljson.Block

// moduleJSON are the blocks of a module.
func moduleJSON() jsonTypes {
	rules := jsonTypes{"precondition": {}, "postcondition": {}, "action_trigger": {Words: []string{"events", "actions"}}}
	dynamic := hcljson.Block{Labels: 1, Words: []string{"iterator"}, Blocks: jsonTypes{"content": {}}}
	repeated := hcljson.Block{Labels: 2, Words: []string{"depends_on", "provider"}, Blocks: jsonTypes{
		"lifecycle": {Words: []string{"ignore_changes"}, Blocks: rules}, "dynamic": dynamic,
	}}
	return jsonTypes{
		"lockstep": {Blocks: jsonTypes{"backend": {Labels: 1}, "encryption": {}, "guard": {}, "report": {}, "state": {}}},
		"variable": {Labels: 1, Words: []string{"type"}, Blocks: jsonTypes{"validation": {}}},
		"locals":   {},
		"output":   {Labels: 1, Words: []string{"depends_on", "type"}, Blocks: jsonTypes{"precondition": {}}},
		"provider": {Labels: 1},
		"resource": repeated,
		"data":     repeated,
		"action":   {Labels: 2, Words: []string{"provider"}, Blocks: jsonTypes{"config": {}}},
		"module":   {Labels: 1, Words: []string{"depends_on", "providers"}},
		"import":   {Words: []string{"to", "provider"}},
		"moved":    {Words: []string{"from", "to"}},
		"removed":  {Words: []string{"from"}, Blocks: jsonTypes{"lifecycle": {}}},
		"check":    {Labels: 1, Blocks: jsonTypes{"assert": {}}},
		"mapping":  {Labels: 1, Words: []string{"depends_on", "provider"}, Blocks: jsonTypes{"field": {Labels: 1}, "dynamic": dynamic}},
	}
}

// testJSON are the blocks of a test file.
func testJSON() jsonTypes {
	override := hcljson.Block{Words: []string{"target"}}
	return jsonTypes{
		"variables": {}, "provider": {Labels: 1}, "override_data": override,
		"run": {Labels: 1, Words: []string{"command", "expect_failures"}, Blocks: jsonTypes{
			"variables": {}, "assert": {}, "module": {}, "override_data": override,
			"plan_options": {Words: []string{"target", "replace"}},
		}},
	}
}
