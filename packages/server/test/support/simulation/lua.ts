import { lauxlib, lua, lualib, to_luastring as luaString } from 'fengari'

/** What Redis and a script say to each other. */
export type Reply = string | number | null | Reply[]

/**
 * Runs the scripts as Redis would, one after another.
 *
 * @param call `redis.call`
 */
export const createLua = (call: (args: string[]) => Reply) => {
  const state = lauxlib.luaL_newstate()
  lualib.luaL_openlibs(state)
  lua.lua_newtable(state)
  lua.lua_pushcfunction(state, () => {
    const args = Array.from({ length: lua.lua_gettop(state) }, (_, index) =>
      lua.lua_tojsstring(state, index + 1),
    )
    push(call(args))
    return 1
  })
  lua.lua_setfield(state, -2, luaString('call'))
  lua.lua_setglobal(state, luaString('redis'))

  const push = (reply: Reply): void => {
    if (reply === null) lua.lua_pushboolean(state, false)
    else if (typeof reply === 'number') lua.lua_pushnumber(state, reply)
    else if (typeof reply === 'string') lua.lua_pushstring(state, luaString(reply))
    else {
      lua.lua_newtable(state)
      for (const [index, item] of reply.entries()) {
        push(item)
        lua.lua_rawseti(state, -2, index + 1)
      }
    }
  }

  const read = (index: number): Reply => {
    const type = lua.lua_type(state, index)
    if (type === lua.LUA_TNUMBER) return Math.trunc(lua.lua_tonumber(state, index))
    if (type === lua.LUA_TSTRING) return lua.lua_tojsstring(state, index)
    if (type !== lua.LUA_TTABLE) return lua.lua_toboolean(state, index) ? 1 : null
    const items: Reply[] = []
    const table = index < 0 ? lua.lua_gettop(state) + 1 + index : index
    for (;;) {
      lua.lua_rawgeti(state, table, items.length + 1)
      const isEnd = lua.lua_isnil(state, -1)
      if (!isEnd) items.push(read(-1))
      lua.lua_settop(state, -2)
      if (isEnd) return items
    }
  }

  return (source: string, args: readonly string[]): Reply => {
    push([...args])
    lua.lua_setglobal(state, luaString('ARGV'))
    const isWrong =
      lauxlib.luaL_loadstring(state, luaString(source)) !== lua.LUA_OK ||
      lua.lua_pcall(state, 0, 1, 0) !== lua.LUA_OK
    if (isWrong) throw new Error(lua.lua_tojsstring(state, -1))
    const reply = read(-1)
    lua.lua_settop(state, 0)
    return reply
  }
}
