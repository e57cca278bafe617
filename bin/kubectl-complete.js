#!/usr/bin/env node
'use strict';
// kubectl asks its plugins under the name of this file for the words that may follow.
process.argv.splice(2, 0, '__complete', '--');
void require('../dist/main.cjs').startProcess();
