import { applyAll, scheduled, fullTime, goal, started, card, correction } from "./match.testing.ts";
import { matchDefinition } from "./match_actor.ts";
import { transition } from "xstate";
import { fold } from "./match_context.ts"; import { ledgerOf } from "./match_ledger.ts"; import { viewOf } from "./view_fold.ts";
for (const base of [200, 1900]) for (const fin of [false,true]) {
const many: any[]=[scheduled(), started("firstHalf")];
for(let i=0;i<base;i++) many.push(i%4==0? goal(i%2?"home":"away",1+i%44,{id:"c"+i}) : card(i%2?"home":"away", 1+i%44, "yellow", {id:"c"+i}));
if (fin) many.push(...fullTime().slice(1));
const b=applyAll(many);
const mk: any={card:(i:number)=>card("home",1+i%44,"yellow",{id:"xc"+i}),goal:(i:number)=>goal("home",1+i%44,{id:"xg"+i}),void:(i:number)=>correction("event.voided",{provider:"feed",id:"c"+(i%base)},{id:"v"+i})};
for (const k of Object.keys(mk)) {
  for (let w=0;w<100;w++) applyAll([mk[k](1000+w)], b);
  const N=100; let t=performance.now(); for (let i=0;i<N;i++) applyAll([mk[k](i)], b); const all=(performance.now()-t)/N;
  const d=mk[k](5); const e={seq:b.entries.length+1,recordedAt:0,fact:d}; 
  t=performance.now(); for (let i=0;i<N;i++) transition(matchDefinition.machine,b.snapshot,{type:d.type,entry:e} as never); const tr=(performance.now()-t)/N;
  t=performance.now(); for (let i=0;i<N;i++) ledgerOf(fold(b.snapshot.context,e as never)); const l=(performance.now()-t)/N;
  t=performance.now(); for (let i=0;i<N;i++) viewOf(fold(b.snapshot.context,e as never),"firstHalf"); const v=(performance.now()-t)/N;
  console.log(base,fin,k,"all",all.toFixed(3),"transition",tr.toFixed(3),"ledger",l.toFixed(3),"view",v.toFixed(3));
}}
