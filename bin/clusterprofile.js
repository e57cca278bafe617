#!/usr/bin/env node
'use strict';
void require('../dist/main.cjs').startProcess();
