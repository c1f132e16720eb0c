import { describe, expect, test } from "vitest";
import { type Seat, type Session, Sessions } from "./session.ts";

function openSessions() {
  const sessions = new Sessions();
  const closed: string[] = [];
  function enter(
    { subject = "", deviceId = "phone", instanceId = "tab1", attempt = 1 }: Partial<Session> = {},
  ) {
    const session: Session = {
      id: "s",
      role: "fan",
      lite: false,
      subject,
      deviceId,
      instanceId,
      attempt,
    };
    const seat: Seat = {
      session,
      close: (code) => {
        closed.push(`${instanceId}/${attempt} ${code}`);
        sessions.leave(seat, session);
      },
    };
    return { entered: sessions.enter(seat, session), leave: () => sessions.leave(seat, session) };
  }
  return { enter, closed };
}

describe("Sessions", () => {
  test("the lower attempt goes, whichever came first", () => {
    const { enter, closed } = openSessions();
    expect(enter({ attempt: 1 }).entered).toBe(true);
    expect(enter({ attempt: 3 }).entered).toBe(true);
    expect(closed).toEqual(["tab1/1 4501"]);
    expect(enter({ attempt: 2 }).entered).toBe(false);
    expect(closed).toHaveLength(1);
  });

  test("other instances, devices and subjects are left alone", () => {
    const { enter, closed } = openSessions();
    enter();
    enter({ instanceId: "tab2" });
    enter({ deviceId: "laptop" });
    enter({ subject: "ana" });
    expect(closed).toEqual([]);
  });

  test("the sixth instance sends the oldest away", () => {
    const { enter, closed } = openSessions();
    for (let tab = 1; tab <= 6; tab++) enter({ instanceId: `tab${tab}` });
    expect(closed).toEqual(["tab1/1 4502"]);
  });

  test("who left makes room", () => {
    const { enter, closed } = openSessions();
    enter().leave();
    for (let tab = 2; tab <= 6; tab++) enter({ instanceId: `tab${tab}` });
    expect(closed).toEqual([]);
  });

  test("who names no device is nobody's ghost", () => {
    const { enter, closed } = openSessions();
    for (let tab = 1; tab <= 9; tab++) expect(enter({ deviceId: "" }).entered).toBe(true);
    expect(closed).toEqual([]);
  });
});
